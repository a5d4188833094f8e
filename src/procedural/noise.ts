/** Smooth random fields for textures, tiled so that any point of the plane has a value. */
import type { Generator } from "../random/generator.ts"

const size = 128
const mask = size - 1

/** Value noise in about [-1, 1] at (x, y): a lattice of random values, blended smoothly between them. */
export type Field = (x: number, y: number) => number

export const noiseField = (random: Generator): Field => {
  const lattice = Float32Array.from({ length: size * size }, () => random.uniform(-1, 1))
  return (x, y) => {
    const column = Math.floor(x)
    const row = Math.floor(y)
    const fx = x - column
    const fy = y - row
    const u = fx * fx * (3 - 2 * fx)
    const v = fy * fy * (3 - 2 * fy)
    const top = (row & mask) * size
    const bottom = ((row + 1) & mask) * size
    const left = column & mask
    const right = (column + 1) & mask
    const a = lattice[top + left]!
    const b = lattice[bottom + left]!
    const upper = a + u * (lattice[top + right]! - a)
    return upper + v * (b + u * (lattice[bottom + right]! - b) - upper)
  }
}

/** Two octaves of a field: large shapes with some detail, in about [-1, 1]. */
export const twoOctaves = (field: Field, x: number, y: number): number =>
  0.68 * field(x, y) + 0.32 * field(2.1 * x + 37.7, 2.1 * y + 11.3)

/** 0 below `low`, 1 above `high`, smooth between. */
export const smoothstep = (low: number, high: number, x: number): number => {
  const t = Math.min(1, Math.max(0, (x - low) / (high - low)))
  return t * t * (3 - 2 * t)
}

/** Hairs: curved strokes of one colour with smooth edges. */
import type { Pixels } from "../pixels.ts"

type Point = readonly [x: number, y: number]

export interface Hair {
  /** A quadratic Bézier curve: its ends and, between them, its control point. Pixels. */
  readonly curve: readonly [Point, Point, Point]
  /** Pixels. */
  readonly width: number
  readonly colour: readonly [number, number, number]
  /** 0…1. */
  readonly opacity: number
}

const SEGMENTS = 24

const along = ([a, b, c]: Hair["curve"], t: number): Point => [
  (1 - t) ** 2 * a[0] + 2 * t * (1 - t) * b[0] + t ** 2 * c[0],
  (1 - t) ** 2 * a[1] + 2 * t * (1 - t) * b[1] + t ** 2 * c[1]
]

/** Distance of (x, y) from the segment between two points. */
const distance = (x: number, y: number, [ax, ay]: Point, [bx, by]: Point): number => {
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length))
  return Math.hypot(x - ax - t * dx, y - ay - t * dy)
}

/** How much of each pixel the hair covers; segments share a mask so that their joints are not drawn twice. */
const coverage = ({ curve, width }: Hair, columns: number, rows: number, mask: Float32Array): void => {
  const reach = width / 2 + 1
  // Thinner than a pixel: fainter, not wider.
  const strength = Math.min(1, width)
  for (let segment = 0; segment < SEGMENTS; segment++) {
    const from = along(curve, segment / SEGMENTS)
    const to = along(curve, (segment + 1) / SEGMENTS)
    const top = Math.max(0, Math.floor(Math.min(from[1], to[1]) - reach))
    const bottom = Math.min(rows - 1, Math.ceil(Math.max(from[1], to[1]) + reach))
    const left = Math.max(0, Math.floor(Math.min(from[0], to[0]) - reach))
    const right = Math.min(columns - 1, Math.ceil(Math.max(from[0], to[0]) + reach))
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const inside = Math.max(1, width) / 2 + 0.5 - distance(x, y, from, to)
        const covered = strength * Math.min(1, Math.max(0, inside))
        if (covered > mask[y * columns + x]!) mask[y * columns + x] = covered
      }
    }
  }
}

export const drawHairs = ({ width, height, data }: Pixels, hairs: ReadonlyArray<Hair>): Pixels => {
  const out = new Uint8Array(data)
  const mask = new Float32Array(width * height)
  for (const hair of hairs) {
    mask.fill(0)
    coverage(hair, width, height, mask)
    for (let pixel = 0; pixel < mask.length; pixel++) {
      const part = mask[pixel]! * hair.opacity
      if (part === 0) continue
      for (let channel = 0; channel < 3; channel++) {
        const at = pixel * 3 + channel
        out[at] = Math.round(out[at]! + part * (hair.colour[channel]! - out[at]!))
      }
    }
  }
  return { width, height, data: out }
}

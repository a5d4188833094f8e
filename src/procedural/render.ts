/** From a lesion and a view to pixels: light through pigment (Beer-Lambert) over textured skin. */
import { generator } from "../random/generator.ts"
import type { Lesion } from "./lesion.ts"
import { type Field, noiseField, smoothstep, twoOctaves } from "./noise.ts"
import { drawBubbles, drawHairs, drawRuler } from "./overlays.ts"
import type { View } from "./view.ts"

/** 8-bit RGB, row by row: shape [height, width, 3]. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** What melanin and blood take out of red, green and blue light at optical density 1. */
const melanin = [0.62, 1.0, 1.25] as const
const blood = [0.12, 0.75, 0.6] as const
const veil = [104, 116, 142] as const
const scar = [232, 208, 196] as const

const outlineSteps = 1024
const outlineTable = (lesion: Lesion): Float32Array =>
  Float32Array.from({ length: outlineSteps }, (_, step) => {
    const angle = (2 * Math.PI * step) / outlineSteps
    let radius = 1
    for (const [index, [amplitude, phase]] of lesion.outline.entries()) {
      const order = index === 8 ? 11 : index + 2
      radius += amplitude * Math.cos(order * angle + phase)
    }
    return lesion.radius * Math.max(0.35, radius)
  })

/** Adds the globules, small round deposits of pigment, to a map of extra density in pixels. */
const splatGlobules = (lesion: Lesion, view: View, outline: Float32Array): Float32Array => {
  const { width, height } = view
  const short = Math.min(width, height)
  const map = new Float32Array(width * height)
  const [cos, sin] = [Math.cos(view.rotation), Math.sin(view.rotation)]
  for (const [angle, depth, size, density] of lesion.globules) {
    const step = Math.floor((angle / (2 * Math.PI)) * outlineSteps) % outlineSteps
    const reach = depth * outline[step]!
    const [u, v] = [reach * Math.cos(angle), reach * Math.sin(angle)]
    const x = width / 2 + short * (view.shift[0] + view.zoom * (cos * u - sin * v))
    const y = height / 2 + short * (view.shift[1] + view.zoom * (sin * u + cos * v))
    const radius = Math.max(0.7, size * view.zoom * short)
    const box = Math.ceil(2 * radius)
    for (let row = Math.max(0, Math.floor(y) - box); row <= Math.min(height - 1, y + box); row++) {
      for (let column = Math.max(0, Math.floor(x) - box); column <= Math.min(width - 1, x + box); column++) {
        const distance = ((column - x) ** 2 + (row - y) ** 2) / (radius * radius)
        if (distance < 4) map[row * width + column]! += density * Math.exp(-distance * distance)
      }
    }
  }
  return map
}

interface Textures {
  readonly field: Field
  /** Standard normal draws, read at scattered places as sensor noise. */
  readonly grain: Float32Array
}

let textures: Textures | undefined

/** Made at the first use: importing this file costs nothing. */
const loadTextures = (): Textures => {
  if (textures === undefined) {
    const random = generator("procedural", "grain")
    textures = {
      field: noiseField(generator("procedural", "texture")),
      grain: Float32Array.from({ length: 1 << 14 }, () => random.normal())
    }
  }
  return textures
}

/** Draws one photograph. `detail` (0 to 1) scales the fine structure: network, skin lines, grain. */
export const renderLesion = (lesion: Lesion, view: View, detail = 1): Pixels => {
  const { width, height } = view
  const { field, grain } = loadTextures()
  const short = Math.min(width, height)
  const long = Math.max(width, height)
  const outline = outlineTable(lesion)
  const globules = splatGlobules(lesion, view, outline)
  const [cos, sin] = [Math.cos(view.rotation), Math.sin(view.rotation)]
  const [tx, ty] = lesion.texture
  const [netStrength, netFrequency, netWarp] = lesion.network
  const [gx, gy] = [Math.cos(lesion.direction) / lesion.radius, Math.sin(lesion.direction) / lesion.radius]
  const k = 2 * Math.PI * netFrequency
  const rgb = new Float32Array(width * height * 3)

  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const x = ((column + 0.5 - width / 2) / short - view.shift[0]) / view.zoom
      const y = ((row + 0.5 - height / 2) / short - view.shift[1]) / view.zoom
      const u = cos * x + sin * y
      const v = cos * y - sin * x

      const mottle = twoOctaves(field, 5 * u + tx, 5 * v + ty)
      const furrow = 1 - Math.abs(field(34 * u + ty, 34 * v + tx + 4 * mottle))
      const pore = field(80 * u + tx, 80 * v + ty)
      const tone = 1 + 0.035 * mottle + detail * (0.02 * pore - 0.035 * furrow * furrow)
      let pigment = 0.04 * mottle
      let red = 0.1 + 0.1 * twoOctaves(field, 8 * u + ty + 50, 8 * v + tx + 50)
      let blue = 0
      let white = 0

      const distance = Math.sqrt(u * u + v * v)
      if (distance < lesion.radius * 2) {
        const turn = (Math.atan2(v, u) / (2 * Math.PI) + 1) * outlineSteps
        const edge =
          outline[Math.floor(turn) % outlineSteps]! * (1 + lesion.ragged * twoOctaves(field, 10 * u + tx, 10 * v + ty))
        const depth = 1 - distance / edge
        const inside = smoothstep(-lesion.fade, lesion.fade, depth)
        if (inside > 0) {
          const mass = twoOctaves(field, 6 * u + tx + 20, 6 * v + ty + 70)
          let amount =
            lesion.density * (1 + 0.3 * mass + lesion.gradient * (gx * u + gy * v) + 0.25 * Math.max(0, depth))
          if (netStrength * detail > 0.02) {
            const bend = (0.9 * netWarp) / netFrequency
            const wu = u + bend * twoOctaves(field, 13 * u + tx + 9, 13 * v + ty)
            const wv = v + bend * twoOctaves(field, 13 * u + tx, 13 * v + ty + 9)
            const wave =
              Math.cos(k * wu) + Math.cos(k * (0.5 * wu + 0.866 * wv)) + Math.cos(k * (0.5 * wu - 0.866 * wv))
            // Lines between the holes of a honeycomb; fading towards the middle, where the pigment lies deeper.
            const line = 1 - smoothstep(-0.8, 1.5, wave)
            amount *= 1 + detail * netStrength * (line - 0.5) * 1.6 * (1 - 0.5 * smoothstep(0.2, 0.8, depth))
          }
          for (const patch of lesion.patches) {
            const level = twoOctaves(field, patch.frequency * u + patch.x, patch.frequency * v + patch.y)
            const cover = patch.strength * smoothstep(patch.threshold, patch.threshold + 0.4, level)
            if (cover === 0) continue
            if (patch.kind === "dark") amount += 1.1 * cover
            else if (patch.kind === "red") red += 0.7 * cover * inside
            else if (patch.kind === "blue") blue = Math.max(blue, cover * smoothstep(0.02, 0.3, depth))
            else white = Math.max(white, cover * smoothstep(0.05, 0.3, depth))
          }
          pigment += inside * Math.max(0.05, amount * (1 - 0.75 * white))
          red += 0.06 * inside
        }
      }
      pigment += globules[row * width + column]!

      const base = (row * width + column) * 3
      const noise = view.noise * detail * grain[(row * 7919 + column * 3 + Math.floor(tx * 997)) & (grain.length - 1)]!
      for (let channel = 0; channel < 3; channel++) {
        let value = lesion.skin[channel]! * tone * Math.exp(-melanin[channel]! * pigment - blood[channel]! * red)
        value += white * 0.6 * (scar[channel]! - value)
        value += blue * 0.8 * (veil[channel]! - value)
        rgb[base + channel] = value * view.light[channel]! + noise
      }
    }
  }

  drawBubbles(rgb, view)
  drawHairs(rgb, view)
  drawRuler(rgb, view)
  const data = new Uint8Array(width * height * 3)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const away = Math.hypot(column + 0.5 - width / 2, row + 0.5 - height / 2) / (long / 2)
      const dim = 1 - 0.1 * away * away
      const open = view.ring === null ? 1 : 1 - smoothstep(view.ring.radius - view.ring.soft, view.ring.radius, away)
      const base = (row * width + column) * 3
      for (let channel = 0; channel < 3; channel++) {
        const value = rgb[base + channel]! * dim * open + 8 * (1 - open)
        data[base + channel] = Math.min(255, Math.max(0, Math.round(value)))
      }
    }
  }
  return { width, height, data }
}

/**
 * Contrast-limited adaptive histogram equalisation of the lightness: K. Zuiderveld, "Contrast limited adaptive
 * histogram equalization", Graphics Gems IV (1994), with OpenCV's rules for tiles, clipping and interpolation.
 */
import type { Pixels } from "../pixels.ts"
import { borderIndex } from "./border.ts"
import { labToRgb, rgbToLab } from "./lab.ts"
import { roundHalfEven } from "./warp-affine.ts"

export interface Clahe {
  /** Greatest height of a histogram bin, in multiples of the mean height. */
  readonly clipLimit: number
  /** Tiles along x and y. */
  readonly tiles: readonly [number, number]
}

/** Cuts bins at `limit` and spreads what was cut over all bins, the remainder at even distances. */
const clip = (histogram: Int32Array, limit: number): void => {
  let excess = 0
  for (let i = 0; i < 256; i++) {
    const over = histogram[i]! - limit
    if (over > 0) {
      excess += over
      histogram[i] = limit
    }
  }
  const share = Math.floor(excess / 256)
  let rest = excess - share * 256
  for (let i = 0; i < 256; i++) histogram[i]! += share
  if (rest > 0) {
    const step = Math.max(1, Math.floor(256 / rest))
    for (let i = 0; i < 256 && rest > 0; i += step, rest--) histogram[i]! += 1
  }
}

/** One table of 256 levels a tile. An image that the tiles do not divide is continued by reflection. */
const tileTables = (lab: Uint8Array, width: number, height: number, { clipLimit, tiles }: Clahe) => {
  const [across, down] = tiles
  const divides = width % across === 0 && height % down === 0
  const tileWidth = divides ? width / across : Math.floor((width + across - (width % across)) / across)
  const tileHeight = divides ? height / down : Math.floor((height + down - (height % down)) / down)
  const area = tileWidth * tileHeight
  const limit = clipLimit > 0 ? Math.max(1, Math.floor((clipLimit * area) / 256)) : 0
  const tables = new Uint8Array(across * down * 256)
  const histogram = new Int32Array(256)
  for (let tile = 0; tile < across * down; tile++) {
    const left = (tile % across) * tileWidth
    const top = Math.floor(tile / across) * tileHeight
    histogram.fill(0)
    for (let y = top; y < top + tileHeight; y++) {
      const row = borderIndex(y, height, "reflect101") * width
      for (let x = left; x < left + tileWidth; x++) {
        histogram[lab[(row + borderIndex(x, width, "reflect101")) * 3]!]! += 1
      }
    }
    if (limit > 0) clip(histogram, limit)
    let sum = 0
    for (let level = 0; level < 256; level++) {
      sum += histogram[level]!
      tables[tile * 256 + level] = Math.min(255, roundHalfEven(Math.fround(sum * Math.fround(255 / area))))
    }
  }
  return { tables, tileWidth, tileHeight }
}

/** Between which two tiles a position lies, and how far (0…1) towards the second. */
const between = (position: number, tileLength: number, tiles: number): readonly [number, number, number] => {
  const at = position / tileLength - 0.5
  const first = Math.floor(at)
  return [Math.max(first, 0), Math.min(first + 1, tiles - 1), at - first]
}

export const clahe = (pixels: Pixels, options: Clahe): Pixels => {
  const { width, height, data } = pixels
  const [across, down] = options.tiles
  const lab = rgbToLab(data)
  const { tables, tileWidth, tileHeight } = tileTables(lab, width, height, options)
  const columns = Array.from({ length: width }, (_, x) => between(x, tileWidth, across))
  for (let y = 0; y < height; y++) {
    const [top, bottom, fy] = between(y, tileHeight, down)
    for (let x = 0; x < width; x++) {
      const [left, right, fx] = columns[x]!
      const at = (y * width + x) * 3
      const level = lab[at]!
      const upper =
        tables[(top * across + left) * 256 + level]! * (1 - fx) + tables[(top * across + right) * 256 + level]! * fx
      const lower =
        tables[(bottom * across + left) * 256 + level]! * (1 - fx) +
        tables[(bottom * across + right) * 256 + level]! * fx
      lab[at] = roundHalfEven(upper * (1 - fy) + lower * fy)
    }
  }
  return { width, height, data: labToRgb(lab) }
}

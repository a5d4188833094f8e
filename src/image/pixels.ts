/** Decoded images: 8-bit RGB, rows from the top, the three channels of a pixel side by side. */
export interface Pixels {
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** `width × height × 3` values in 0…255. Never written to once it is part of a `Pixels` that was handed on. */
  readonly data: Uint8Array
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** An image of the given size, to be written wholly by its maker: its values are arbitrary until then. */
export const unwritten = (width: number, height: number): Pixels => ({
  width,
  height,
  data: takeScratch(width * height * 3)
})

/**
 * Arrays of images that nobody holds any more. Rendering makes and drops several a view; giving them back spares the
 * collector most of its work.
 */
const scratch: Array<Uint8Array> = []
const MOST_SCRATCH = 6

const takeScratch = (length: number): Uint8Array => {
  const index = scratch.findIndex((array) => array.length === length)
  return index < 0 ? new Uint8Array(length) : scratch.splice(index, 1)[0]!
}

/** Gives an array back. Only its sole holder may: it will be written to. */
export const discard = (image: Pixels): void => {
  if (scratch.length === MOST_SCRATCH) scratch.shift()
  scratch.push(image.data)
}

export const shorterSide = (size: Size): number => Math.min(size.width, size.height)

/** Longer than this many times its shorter side, an image is squashed: a strip of 1 × 60,000 must not fill the memory. */
const GREATEST_ASPECT = 8

export const isStrip = (size: Size): boolean => Math.max(size.width, size.height) > GREATEST_ASPECT * shorterSide(size)

/** The size, in pixels, whose shorter side is `side` and whose aspect is (nearest to) that of `size`, 8 at the most. */
export const sizeWithShorterSide = (size: Size, side: number): Size => {
  const aspect = Math.max(size.width, size.height) / shorterSide(size)
  const longer = Math.round(side * Math.min(aspect, GREATEST_ASPECT))
  return size.width <= size.height ? { width: side, height: longer } : { width: longer, height: side }
}

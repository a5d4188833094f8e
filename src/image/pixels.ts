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

/** An image of the given size, black. */
export const blank = (width: number, height: number): Pixels => ({
  width,
  height,
  data: new Uint8Array(width * height * 3)
})

export const shorterSide = (size: Size): number => Math.min(size.width, size.height)

/** The size, in pixels, whose shorter side is `side` and whose aspect is (nearest to) that of `size`. */
export const sizeWithShorterSide = (size: Size, side: number): Size => {
  const scale = side / shorterSide(size)
  return size.width <= size.height
    ? { width: side, height: Math.max(side, Math.round(size.height * scale)) }
    : { width: Math.max(side, Math.round(size.width * scale)), height: side }
}

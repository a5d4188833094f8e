/** Kernels that smear along a line. */

/** `value` rounded, halves towards 0: a line that passes between two pixels takes the one nearer to its start. */
const nearer = (value: number): number => Math.sign(value) * Math.ceil(Math.abs(value) - 0.5)

/** Pixels of the line from (x0, y0) to (x1, y1), both ends included, one a step along the longer axis (Bresenham). */
const line = (x0: number, y0: number, x1: number, y1: number): ReadonlyArray<readonly [number, number]> => {
  const steps = Math.max(1, Math.abs(x1 - x0), Math.abs(y1 - y0))
  return Array.from({ length: steps + 1 }, (_, i) => {
    const part = i / steps
    return [x0 + nearer((x1 - x0) * part), y0 + nearer((y1 - y0) * part)] as const
  })
}

/** A `size` × `size` kernel, equal weights on the line between two of its cells (column, row), 0 elsewhere. */
export const motionKernel = (
  size: number,
  from: readonly [number, number],
  to: readonly [number, number]
): Float32Array => {
  const cells = new Set(line(from[0], from[1], to[0], to[1]).map(([x, y]) => y * size + x))
  const kernel = new Float32Array(size * size)
  for (const cell of cells) kernel[cell] = 1 / cells.size
  return kernel
}

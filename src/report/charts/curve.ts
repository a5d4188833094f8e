/** Curves as lists of points over x in [0, 1], and their mean over training runs. */

export interface Point {
  readonly x: number
  readonly y: number
}

/**
 * The height of a curve at x, linear between its points (x ascending); where the curve is vertical, its last point there.
 * Left of the first point it is the first point's height.
 */
export const heightAt = (points: ReadonlyArray<Point>, x: number): number => {
  let low = 0
  let high = points.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (points[middle]!.x <= x) low = middle + 1
    else high = middle
  }
  const before = points[low - 1]
  const after = points[low]
  if (before === undefined) return after?.y ?? 0
  if (after === undefined || before.x === x) return before.y
  return before.y + ((after.y - before.y) * (x - before.x)) / (after.x - before.x)
}

/** 0, 1/steps ... 1. */
export const grid = (steps: number): Array<number> => Array.from({ length: steps + 1 }, (_, step) => step / steps)

/** Vertical averaging of curves: their mean height at each x of the grid (Fawcett, Pattern Recogn. Lett. 2006). */
export const verticalMean = (curves: ReadonlyArray<ReadonlyArray<Point>>, steps = 200): Array<Point> =>
  grid(steps).map((x) => ({ x, y: curves.reduce((sum, curve) => sum + heightAt(curve, x), 0) / curves.length }))

/** The points where a curve turns: the same line, without those along its straight pieces. */
export const corners = (points: ReadonlyArray<Point>): Array<Point> =>
  points.filter((point, index) => {
    const before = points[index - 1]
    const after = points[index + 1]
    if (before === undefined || after === undefined) return true
    return Math.abs((point.x - before.x) * (after.y - point.y) - (point.y - before.y) * (after.x - point.x)) > 1e-12
  })

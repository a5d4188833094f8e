/**
 * Pictures whose answer is known. The class shows in the colour of a spot (redder: class 1; the best possible ROC AUC is
 * Φ(2.5 / √2) = .96), beside it some pictures bear a blue mark that has nothing to do with the class.
 */
import { generator } from "../../src/random/generator.ts"

export const side = 32

/** Distance of the classes in the spot's red, in its standard deviation. */
const separation = 2.5
const deviation = 18

/** side × side × 3 values. `key` addresses the draw: equal keys, equal pictures. */
export const plantedImage = (key: string, label: number, marked: boolean): Uint8Array => {
  const random = generator("planted", key)
  const red = random.normal((label - 0.5) * separation * deviation, deviation)
  // A background of its own, soft and strong: without it the guard against near duplicates refuses the split.
  const cells = Array.from({ length: 25 }, () => random.normal(0, 45))
  const light = (x: number, y: number) => {
    const [u, v] = [(4 * x) / side, (4 * y) / side]
    const [left, top] = [Math.floor(u), Math.floor(v)]
    const row = (at: number) => cells[5 * at + left]! * (1 - u + left) + cells[5 * at + left + 1]! * (u - left)
    return row(top) * (1 - v + top) + row(top + 1) * (v - top)
  }
  const [cx, cy, radius] = [random.uniform(13, 19), random.uniform(13, 19), random.uniform(6, 10)]
  const pixels = new Uint8Array(side * side * 3)
  for (let y = 0, o = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const shade = light(x, y)
      const inside = (x - cx) ** 2 + (y - cy) ** 2 < radius ** 2
      const mark = marked && x >= 24 && y < 8
      const colour = mark ? [40, 60, 210] : inside ? [120 + red, 80, 90] : [165 + shade, 150 + shade, 145 + shade]
      for (const value of colour) pixels[o++] = Math.max(0, Math.min(255, Math.round(value + random.normal(0, 8))))
    }
  }
  return pixels
}

/** Images for the tests: dark ellipses on skin, round ones of class 0 and flat ones of class 1. */
import type { ImageSource, LabelledImages } from "../../src/model/data.ts"
import { generator } from "../../src/random/generator.ts"

export const ellipses = (
  key: string,
  size: number,
  side: number,
  views = 1
): LabelledImages & { readonly images: ImageSource } => {
  const read: ImageSource["read"] = (row, view, into) => {
    const random = generator(key, row, view)
    const radius = random.uniform(0.2, 0.35) * side
    const flat = row % 2 === 1 ? 0.4 : 1
    const [cx, cy] = [side / 2 + random.normal(0, 2), side / 2 + random.normal(0, 2)]
    for (let y = 0, i = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const inside = ((x - cx) / radius) ** 2 + ((y - cy) / (radius * flat)) ** 2 < 1
        for (let c = 0; c < 3; c++, i++) into[i] = (inside ? 80 : 190) + (random.uint32() % 32)
      }
    }
  }
  return { labels: Array.from({ length: size }, (_, row) => row % 2), images: { size, views, side, read } }
}

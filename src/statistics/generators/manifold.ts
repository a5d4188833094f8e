/** How much of one set lies where the other does. */
import type { Features } from "./features.ts"
import { distances, kthNearest } from "./neighbours.ts"

export interface Manifold {
  readonly k: number
  readonly precision: number
  readonly recall: number
  readonly density: number
  readonly coverage: number
}

/**
 * With balls about every row that reach its k-th nearest neighbour in its own set: precision, the share of synthetic rows
 * in a ball of a real one; recall, the share of real rows in a ball of a synthetic one (Kynkäänniemi et al. 2019);
 * density, the mean number of real balls about a synthetic row, over k; coverage, the share of real balls with a synthetic
 * row in them (Naeem et al. 2020). `null` with no more than k rows on a side.
 */
export const manifold = (real: Features, synthetic: Features, k = 5): Manifold | null => {
  if (real.rows <= k || synthetic.rows <= k) return null
  const [reachReal, reachSynthetic] = [kthNearest(real, k), kthNearest(synthetic, k)]
  const between = distances(real, synthetic)
  const inside = new Uint32Array(synthetic.rows)
  let recalled = 0
  let covered = 0
  for (let i = 0; i < real.rows; i++) {
    let near = false
    let holds = false
    for (let j = 0; j < synthetic.rows; j++) {
      const distance = between[i * synthetic.rows + j]!
      if (distance < reachSynthetic[j]!) near = true
      if (distance >= reachReal[i]!) continue
      holds = true
      inside[j]!++
    }
    if (near) recalled++
    if (holds) covered++
  }
  return {
    k,
    precision: inside.filter((count) => count > 0).length / synthetic.rows,
    recall: recalled / real.rows,
    density: inside.reduce((total, count) => total + count, 0) / (k * synthetic.rows),
    coverage: covered / real.rows
  }
}

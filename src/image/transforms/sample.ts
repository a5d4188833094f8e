/**
 * Draws. Every transform draws from a generator of its own, addressed by its place in the tree - names, with a number
 * where a name occurs again among its siblings - so that adding another transform leaves the draws of the rest alone.
 */
import type { Generator } from "../../random/generator.ts"
import type { Size } from "../pixels.ts"
import { type Sampled, sampleLeaf } from "./families.ts"
import type { Transform } from "./transform.ts"

/** What was drawn for one transform of a list, and its place: "OneOf/RandomBrightnessContrast.1". */
export interface Drawn {
  readonly path: string
  readonly sampled: Sampled
}

type GeneratorAt = (path: string) => Generator

/** The name of each element among its siblings: the second `Flip` is "Flip.1". */
const placed = (transforms: ReadonlyArray<Transform>, under: string): ReadonlyArray<readonly [string, Transform]> => {
  const seen = new Map<string, number>()
  return transforms.map((transform) => {
    const before = seen.get(transform._tag) ?? 0
    seen.set(transform._tag, before + 1)
    return [`${under}${transform._tag}${before === 0 ? "" : `.${before}`}`, transform] as const
  })
}

/** An index with probability proportional to its weight; -1 where all weights are 0. */
const choose = (generator: Generator, weights: ReadonlyArray<number>): number => {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  if (sum <= 0) return -1
  let rest = generator.float() * sum
  for (const [index, weight] of weights.entries()) {
    rest -= weight
    if (rest < 0) return index
  }
  return weights.findLastIndex((weight) => weight > 0)
}

/** Indices of the children that a composition applies, in order of application. */
const chosen = (transform: Exclude<Transform, { readonly _tag: "Compose" }>, generator: Generator): Array<number> => {
  if (!("transforms" in transform)) return []
  const weights = transform.transforms.map(({ p }) => p)
  const draws = transform._tag === "OneOf" ? 1 : transform.n
  const indices: Array<number> = []
  for (let draw = 0; draw < draws; draw++) {
    const index = choose(generator, weights)
    if (index < 0) break
    indices.push(index)
    if (transform._tag === "SomeOf" && !transform.replace) weights[index] = 0
  }
  return indices.sort((a, b) => a - b)
}

const visit = (path: string, transform: Transform, at: GeneratorAt, size: Size, forced: boolean): Array<Drawn> => {
  const generator = at(path)
  const applies = generator.float() < transform.p
  if (!forced && !applies) return []
  if (!("transforms" in transform)) return [{ path, sampled: sampleLeaf(transform, generator, size) }]
  const children = placed(transform.transforms, `${path}/`)
  if (transform._tag === "Compose") return children.flatMap(([child, it]) => visit(child, it, at, size, false))
  return chosen(transform, generator).flatMap((index) => visit(...children[index]!, at, size, true))
}

/** What one view of an image of this size (as stored, upright) is made with, in order of application. */
export const sampleTransforms = (
  transforms: ReadonlyArray<Transform>,
  at: GeneratorAt,
  size: Size
): ReadonlyArray<Drawn> =>
  placed(transforms, "").flatMap(([path, transform]) => visit(path, transform, at, size, false))

/**
 * Which images are trained on, and in which order: a function of the seed and the position alone, so that training can
 * go on at any place, and arms with different numbers of rows take equal steps.
 */
import { generator } from "../../random/generator.ts"
import type { Draw, LabelledImages } from "../data.ts"

/**
 * The draws of one epoch of `length` images. Without weights: a slice of an endless sequence of shuffled passes over all
 * rows, going on where the epoch before stopped; a row shows each of its views once before it shows one again. With
 * weights: rows drawn with replacement, views at random.
 */
export const epochDraws = (
  { images, weights }: LabelledImages,
  seed: number,
  epoch: number,
  length: number
): ReadonlyArray<Draw> => {
  if (weights) return weightedDraws(weights, images.views, seed, epoch, length)
  const draws: Array<Draw> = []
  let pass = -1
  let order: ReadonlyArray<number> = []
  for (let position = epoch * length; position < (epoch + 1) * length; position++) {
    const current = Math.floor(position / images.size)
    if (current !== pass) {
      pass = current
      order = generator("order", seed, pass).shuffle(Array(images.size).keys())
    }
    const row = order[position % images.size]!
    draws.push({ row, view: viewOf(images.views, seed, row, pass) })
  }
  return draws
}

const viewOf = (views: number, seed: number, row: number, pass: number): number => {
  if (views === 1) return 0
  const round = Math.floor(pass / views)
  return generator("view", seed, row, round).shuffle(Array(views).keys())[pass % views]!
}

const weightedDraws = (weights: ArrayLike<number>, views: number, seed: number, epoch: number, length: number) => {
  const cumulative = new Float64Array(weights.length)
  let total = 0
  for (let row = 0; row < weights.length; row++) {
    total += weights[row]!
    cumulative[row] = total
  }
  const random = generator("weighted draw", seed, epoch)
  return Array.from({ length }, (): Draw => {
    const target = random.float() * total
    let low = 0
    let high = weights.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (cumulative[middle]! > target) high = middle
      else low = middle + 1
    }
    return { row: low, view: random.integer(views) }
  })
}

/** Cuts the draws into batches. A last batch of one, over which batch norm has no variance, joins the one before. */
export const batches = (draws: ReadonlyArray<Draw>, size: number): ReadonlyArray<ReadonlyArray<Draw>> => {
  const result: Array<ReadonlyArray<Draw>> = []
  for (let start = 0; start < draws.length; start += size) {
    const left = draws.length - start
    if (left === size + 1) {
      result.push(draws.slice(start))
      break
    }
    result.push(draws.slice(start, start + size))
  }
  return result
}

import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import type { ImageSource } from "../../src/model/data.ts"
import { batches, epochDraws } from "../../src/model/training/order.ts"

const images = (size: number, views: number): ImageSource => ({ size, views, side: 1, read: () => undefined })
const small = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 30 }))

describe("the order of training", () => {
  it.prop(
    "goes through all rows before it shows one again, and through a row's views",
    [small, small, small],
    ([n, views, length]) => {
      const data = { images: images(n, views), labels: [] }
      const epochs = Math.ceil((n * views) / length)
      const draws = Array.from({ length: epochs }, (_, epoch) => epochDraws(data, 5, epoch, length)).flat()
      const seen = new Set<string>()
      for (const [i, { row, view }] of draws.slice(0, n * views).entries()) {
        if (i % n === 0) assert.strictEqual(seen.size, i)
        seen.add(`${row} ${view}`)
      }
      assert.strictEqual(seen.size, n * views)
      for (let pass = 0; (pass + 1) * n <= draws.length; pass++) {
        const rows = draws.slice(pass * n, (pass + 1) * n).map(({ row }) => row)
        assert.strictEqual(new Set(rows).size, n)
      }
    }
  )

  it("differs by seed and from pass to pass", () => {
    const data = { images: images(20, 1), labels: [] }
    const rows = (seed: number, epoch: number) =>
      epochDraws(data, seed, epoch, 20)
        .map(({ row }) => row)
        .join()
    assert.strictEqual(new Set([rows(1, 0), rows(1, 1), rows(2, 0)]).size, 3)
    assert.strictEqual(rows(1, 0), rows(1, 0))
  })

  it("draws rows by their weights, never one of weight 0", () => {
    const data = { images: images(3, 2), labels: [], weights: [1, 0, 3] }
    const counts = [0, 0, 0]
    for (const { row } of epochDraws(data, 1, 0, 4000)) counts[row]!++
    assert.strictEqual(counts[1], 0)
    assert.closeTo(counts[2]! / 4000, 0.75, 0.03)
  })

  it.prop(
    "is cut into batches that keep every draw, none of one image where there are more",
    [small, small],
    ([n, size]) => {
      const draws = Array.from({ length: n }, (_, row) => ({ row, view: 0 }))
      const cut = batches(draws, size + 1)
      assert.deepStrictEqual(cut.flat(), draws)
      if (n > 1) assert.isTrue(cut.every(({ length }) => length >= 2 && length <= size + 2))
    }
  )
})

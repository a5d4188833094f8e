import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { joinPacks, openPack } from "../../src/image/pack.ts"
import { augmentationPlan } from "../../src/image/plan.ts"
import { renderAll } from "../../src/image/render-all.ts"
import { renderShards, shardPlan } from "../../src/image/render-shards.ts"
import { picture, pngOf } from "./images.ts"

const plan = augmentationPlan(
  "original",
  1,
  2,
  Array.from({ length: 7 }, (_, i) => ({ digest: `image-${i}`, width: 40, height: 30 }))
)
const read = (digest: string) => Effect.promise(() => pngOf(picture(40, 30, digest)))
const imageBytes = 2 * 16 * 16 * 3

describe("shards", () => {
  it.effect("joined are the one pack", () =>
    Effect.gen(function* () {
      const progress: Array<number> = []
      const packs = yield* renderShards(
        plan,
        read,
        { side: 16, shardBytes: 3 * imageBytes },
        (pack) => openPack(pack),
        ({ done, total }) => Effect.sync(() => void progress.push(done / total))
      )
      assert.deepStrictEqual(
        packs.map(({ keys }) => keys.length),
        [3, 3, 1]
      )
      assert.strictEqual(progress.at(-1), 1)
      const whole = yield* openPack(yield* renderAll(plan, read, { side: 16 }))
      const joined = joinPacks(packs)
      assert.deepStrictEqual(joined.keys, whole.keys)
      for (const [index, key] of whole.keys.entries()) {
        assert.strictEqual(joined.indexOf(key), index)
        assert.deepStrictEqual(joined.allViews(index), whole.allViews(index))
        assert.deepStrictEqual(joined.image(index, 1), whole.image(index, 1))
      }
      assert.throws(() => joined.image(7), RangeError)
      assert.throws(() => joinPacks([packs[0]!, packs[0]!]), RangeError)
    })
  )

  it("hold one image at least", () => {
    assert.strictEqual(shardPlan(plan, 16, 1).length, 7)
    assert.deepStrictEqual(shardPlan(plan, 16, 1e9), [plan])
    assert.deepStrictEqual(shardPlan({ ...plan, images: [] }, 16, 1e9), [])
  })
})

import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { memo } from "../../src/dag/memo.ts"

it.live("a value is made once for all who ask at the same time, and again after a failure", () =>
  Effect.gen(function* () {
    const once = memo<number>()
    let made = 0
    const make = Effect.gen(function* () {
      yield* Effect.sleep(5)
      made++
      return made === 1 ? yield* Effect.fail("first") : made
    })
    const ask = Effect.forEach(Array.from({ length: 50 }), () => Effect.result(once("key", make)), {
      concurrency: "unbounded"
    })
    const answers = yield* ask
    assert.deepStrictEqual(
      answers.map((answer) => (answer._tag === "Success" ? answer.success : answer.failure)),
      ["first", ...Array.from({ length: 49 }, () => 2)]
    )
    assert.strictEqual(made, 2)
  })
)

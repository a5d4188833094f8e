import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { history } from "../dag/correctness.ts"

it.live("an incremental run gives what a clean build gives, in 300 random histories", () =>
  Effect.gen(function* () {
    let hits = 0
    let damages = 0
    for (let seed = 100; seed < 400; seed++) {
      const counts = yield* history(seed)
      hits += counts.hits
      damages += counts.damages
    }
    assert.isAbove(hits, 1500)
    assert.isAbove(damages, 100)
  })
)

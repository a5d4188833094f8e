import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { history } from "./correctness.ts"

it.live("an incremental run gives what a clean build gives, in 30 random histories", () =>
  Effect.gen(function* () {
    let hits = 0
    let damages = 0
    for (let seed = 0; seed < 30; seed++) {
      const counts = yield* history(seed)
      hits += counts.hits
      damages += counts.damages
    }
    // The histories are worth something only where there was something to reuse and something to mend.
    assert.isAbove(hits, 150)
    assert.isAbove(damages, 10)
  })
)

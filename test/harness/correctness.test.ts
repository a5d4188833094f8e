import { it } from "@effect/vitest"
import { Effect } from "effect"
import { history } from "../dag/correctness.ts"

it.live("an incremental run gives what a clean build gives, in 1,000 random histories", () =>
  Effect.gen(function* () {
    const total: Record<string, number> = {}
    for (let seed = 1000; seed < 2000; seed++) {
      for (const [what, count] of Object.entries(yield* history(seed))) total[what] = (total[what] ?? 0) + count
    }
    yield* Effect.log(JSON.stringify(total))
  })
)

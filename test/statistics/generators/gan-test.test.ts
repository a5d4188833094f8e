import { assert, describe, it } from "@effect/vitest"
import { shareCalledRight } from "../../../src/statistics/generators/gan-test.ts"

describe("the share called by its class", () => {
  it("counts logits at the threshold as positive", () => {
    const logits = [-1, 0.2, 0.2, 3]
    assert.deepInclude(shareCalledRight(1, 0.2, logits), { successes: 3, trials: 4 })
    assert.deepInclude(shareCalledRight(0, 0.2, logits), { successes: 1, trials: 4 })
  })

  it("is undefined of no images", () => assert.isNull(shareCalledRight(1, 0, [])))
})

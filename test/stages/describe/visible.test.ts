import { assert, it } from "@effect/vitest"
import { visibleEffect } from "../../../stages/describe/visible.ts"

it("says what a small test set cannot show, and on what assumption", () => {
  const small = visibleEffect({ images: 196, groups: 196, melanoma: 69, benign: 127 })!
  const large = visibleEffect({ images: 1960, groups: 1960, melanoma: 690, benign: 1270 })!
  assert.isAbove(small.delta, 3 * large.delta)
  assert.match(
    small.text,
    /69 positive and 127 negative .* under 0\.0\d+ AUC .*Assumed: both AUCs near 0\.85, correlated by 0\.8/u
  )
})

it("says nothing of a test set without a melanoma", () => {
  assert.isNull(visibleEffect({ images: 9, groups: 9, melanoma: 0, benign: 9 }))
})

import { assert, it } from "@effect/vitest"
import { contradictory, memorised } from "../../../stages/compare/data-notes.ts"
import { leaks } from "../../../stages/compare/let-through.ts"
import { dataset, row } from "../../dataset/random-dataset.ts"

it("says once, over all arms, which synthetic images show an image of train", () => {
  assert.deepStrictEqual(memorised([{ copiesOfTrain: [] }]), [])
  const [one, ...others] = memorised([{ copiesOfTrain: ["a ~ b"] }, { copiesOfTrain: ["a ~ b", "c = d"] }])
  assert.match(one!, /^2 synthetic images show an image of train .*: a ~ b, c = d\. /u)
  assert.isEmpty(others)
})

it("says which near duplicates have both labels", () => {
  const set = dataset([row("a", 0, "g"), row("b", 1, "g"), row("c", 1, "g")])
  assert.deepStrictEqual(contradictory({ ...set, nearDuplicates: [["b", "c"]] }), [])
  const [one] = contradictory({
    ...set,
    nearDuplicates: [
      ["a", "b"],
      ["b", "c"]
    ]
  })
  assert.match(one!, /^1 pair of near duplicates in both classes: a ~ b\. /u)
})

it("a wrong label that is let through is no leak", () => {
  const rows = ["a", "b"]
  assert.isFalse(leaks({ overrides: [{ rule: "equal-images-in-both-classes", rows }] }))
  assert.isTrue(leaks({ overrides: [{ rule: "group-in-two-splits", rows }] }))
})

import { assert, describe, it } from "@effect/vitest"
import { diagnoses, labelOf, normaliseDiagnosis } from "../../src/dataset/diagnoses.ts"

describe("the table of diagnoses", () => {
  it("has every spelling once, as it is looked up", () => {
    const all = diagnoses.flatMap(({ values }) => values)
    assert.strictEqual(new Set(all).size, all.length)
    for (const value of all) assert.strictEqual(normaliseDiagnosis(value), value)
  })
  it("reads spellings as people write them", () => {
    for (const value of ["MEL", " Melanoma ", "melanoma_in_situ", "lentigo-maligna", "1", "1.0", "TRUE"]) {
      assert.strictEqual(labelOf(value), 1, value)
    }
    for (const value of ["NV", "Clark  nevus", "basal cell carcinoma", "0.0", "no_melanoma", "benign"]) {
      assert.strictEqual(labelOf(value), 0, value)
    }
  })
  it("does not guess", () => {
    for (const value of ["", "unknown", "2", "0.5", "melanomas?", "constructor", "__proto__"]) {
      assert.isUndefined(labelOf(value), value)
    }
  })
  it("gives way to the values that are named positive", () => {
    assert.strictEqual(labelOf("bcc", ["BCC", "mel"]), 1)
    assert.strictEqual(labelOf("melanoma", ["BCC"]), 0)
    assert.strictEqual(labelOf("mel", []), 1)
  })
})

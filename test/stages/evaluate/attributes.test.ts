import { assert, describe, it } from "@effect/vitest"
import { attributesOf } from "../../../stages/evaluate/attributes.ts"

const rows = (...cells: ReadonlyArray<Record<string, string | number | null>>) =>
  cells.map((metadata) => ({ metadata }))

describe("what subgroups are taken by", () => {
  it("finds the columns of the public data sets, in any letter case", () => {
    const found = attributesOf(
      rows(
        { Sex: "Male", localization: "back", age: 39, dataset: "vidir_modern", fitspatrick: 2 },
        { Sex: "female", localization: "face", age: "60.0", dataset: "rosendahl", fitspatrick: 3 }
      )
    )
    assert.deepStrictEqual(found, {
      sex: ["male", "female"],
      site: ["back", "face"],
      age: ["under 40", "60 and over"],
      source: ["vidir_modern", "rosendahl"],
      "skin type": ["2", "3"]
    })
  })

  it("leaves out what is unknown, and a column with one level", () => {
    const found = attributesOf(
      rows({ sex: "unknown", source: "one" }, { sex: "male", source: "one" }, { sex: "female", source: "one" })
    )
    assert.deepStrictEqual(found, { sex: [null, "male", "female"] })
  })
})

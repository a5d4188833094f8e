import { assert, describe as group, it } from "@effect/vitest"
import { Effect } from "effect"
import { auditText } from "../../src/dataset/audit.ts"
import { briefText } from "../../src/dataset/brief-text.ts"
import { describe } from "../../src/dataset/describe.ts"
import { mergeNearDuplicates } from "../../src/dataset/near-duplicates.ts"
import { summaryText } from "../../src/dataset/summary-text.ts"
import { suspicions } from "../../src/dataset/suspicions.ts"
import { toTable } from "../../src/dataset/table.ts"
import { image, read } from "./folder.ts"
import { dataset, row, synthetic } from "./random-dataset.ts"

const files = {
  "labels.csv": [
    "image,patient_id,age,sex,dx,split,count",
    "a.png,P1,40,male,nv,train,1",
    "b.png,P1,50,male,mel,test,2",
    "c.png,P2,,female,nv,train,3",
    "d.png,,60,,bcc,train,4"
  ].join("\n"),
  "a.png": image("a", 60, 40),
  "b.png": image("b", 60, 40),
  "c.png": image("c", 30, 50),
  "d.png": image("c", 30, 50)
}

group("the summary of a data set", () => {
  it.effect("counts images, classes, groups, sizes, duplicates and missing values", () =>
    Effect.gen(function* () {
      const summary = describe(yield* read(files))
      assert.strictEqual(summary.images, 4)
      assert.deepStrictEqual(summary.classes, { benign: 3, melanoma: 1 })
      assert.deepStrictEqual(summary.groups, { count: 2, by: { image: 1, patient: 1 }, largest: 2 })
      assert.deepStrictEqual(summary.sizes, [
        ["30 × 50", 2],
        ["60 × 40", 2]
      ])
      assert.deepStrictEqual(summary.side, { minimum: 30, median: 40, maximum: 40 })
      assert.deepStrictEqual(summary.declaredSplits, { train: 3, test: 1 })
      assert.strictEqual(summary.equalImages, 1)
      const column = (name: string) => summary.columns.find((one) => one.name === name)!
      assert.deepStrictEqual(column("age"), {
        name: "age",
        missing: 1,
        distinct: 3,
        range: [40, 60],
        frequent: [
          ["40", 1],
          ["50", 1],
          ["60", 1]
        ]
      })
      assert.deepStrictEqual(column("sex").frequent, [
        ["male", 2],
        ["female", 1]
      ])
      assert.deepStrictEqual(column("count").range, [1, 4])
      assert.match(summary.suspicious.join("\n"), /1 groups \(2 images\) stand in more than one part/u)
    })
  )

  it.effect("in three lines, from what an artifact holds of it", () =>
    Effect.gen(function* () {
      const summary = JSON.parse(JSON.stringify(describe(yield* read(files))))
      assert.deepStrictEqual(briefText("real images", summary), [
        "real images: 4, melanoma 1 (25.0 %), other 3; 2 groups, the largest of 2",
        "  2 sizes, most 30 × 50; equal 1, near duplicates 0, unreadable 0, left out 0",
        "  missing values: patient_id 1, age 1, sex 1; suspicious: 1"
      ])
      assert.throws(() => briefText("real images", { ...summary, images: "4" }), /images/u)
    })
  )

  it.effect("reads as text", () =>
    Effect.gen(function* () {
      const text = summaryText(describe(yield* read(files)))
      assert.include(text, "layout: table, labels in labels.csv")
      assert.include(text, "images: 4, melanoma 1 (25.0 %), other 3")
      assert.include(text, "1  mel (1)")
      assert.include(text, "age: 40 to 60; missing in 1 (25.0 %)")
      assert.notMatch(text, /undefined|NaN|\[object/u)
    })
  )

  it("names the first unreadable images, each once, and counts the others", () => {
    const unreadable = Array.from({ length: 8 }, (_, i) => ({
      path: `${i}.jpg`,
      reason: `${i}.jpg: it is empty\n  mend`
    }))
    const text = summaryText(describe(dataset([row("a", 1, "x")], { unreadable })))
    assert.include(text, "unreadable:\n  0.jpg: it is empty\n  1.jpg: it is empty")
    assert.include(text, "4.jpg: it is empty\n  and 3 more")
    assert.notInclude(text, "mend")
  })

  it("of nothing is no error", () => {
    const summary = describe(dataset([]))
    assert.strictEqual(summary.images, 0)
    assert.notMatch(summaryText(summary), /undefined|NaN|Infinity/u)
  })
})

group("suspicions", () => {
  const rows = (size: (label: 0 | 1, i: number) => number) =>
    Array.from({ length: 60 }, (_, i) => {
      const label = i % 3 === 0 ? 1 : 0
      return row(`${i}.png`, label, `${i}`, { width: size(label, i), height: 10 })
    })
  it("tell that the size gives the class away", () => {
    assert.match(suspicions(rows((label) => (label === 1 ? 128 : 600))).join(), /can be told from its pixel size/u)
  })
  it("are silent where it does not", () => {
    assert.deepStrictEqual(suspicions(rows((_label, i) => 100 + 10 * (i % 2))), [])
  })
  it("tell a set of one class, if it is real, and one group that is too large", () => {
    assert.match(suspicions([row("a", 1, "a")]).join(), /All 1 images are melanoma/u)
    assert.deepStrictEqual(suspicions(synthetic(5).rows), [])
    const large = Array.from({ length: 40 }, (_, i) => row(`${i}`, i % 2 === 0 ? 1 : 0, i < 20 ? "one" : `${i}`))
    assert.match(suspicions(large).join(), /One group has 20 of the 40/u)
  })
})

group("the table", () => {
  it.effect("has a row an image and a column a property, clashing names apart", () =>
    Effect.gen(function* () {
      const made = toTable(dataset([row("a", 1, "g", { metadata: { age: 4, label: "x" } }), row("b", 0, "g")]))
      assert.strictEqual(made.numRows(), 2)
      assert.deepStrictEqual(made.array("age"), [4, null])
      assert.deepStrictEqual(made.array("label"), [1, 0])
      assert.deepStrictEqual(made.array("metadata.label"), ["x", null])
      yield* Effect.void
    })
  )
})

group("near duplicates", () => {
  it("are told, with those whose labels differ", () => {
    const set = dataset([row("a", 1, "x"), row("b", 0, "y"), row("c", 0, "z")])
    const merged = mergeNearDuplicates(set, [
      ["a", "b"],
      ["b", "c"]
    ])
    assert.deepStrictEqual(
      merged.rows.map((one) => one.group),
      ["x", "x", "x"]
    )
    assert.match(merged.warnings[0]!, /2 pairs of near duplicates tie 2 groups to others/u)
    assert.match(merged.warnings[1]!, /1 pairs .* different labels: a ~ b/u)
  })
})

group("the audit's text", () => {
  it("has a line a part", () => {
    const part = { images: 10, groups: 8, melanoma: 4, benign: 6 }
    const none = { images: 0, groups: 0, melanoma: 0, benign: 0 }
    const text = auditText({
      train: part,
      validation: none,
      test: part,
      crossingGroups: 1,
      crossingNearDuplicates: 2
    })
    assert.include(text, "train      10 images in 8 groups, 4 melanoma (40.0 %)")
    assert.include(text, "in two parts: 1 groups, 2 pairs of near duplicates")
  })
})

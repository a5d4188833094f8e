import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { classFromFolders, classFromName } from "../../../src/dataset/layouts/class-names.ts"
import { images, labels, read } from "../folder.ts"

describe("class folders", () => {
  it.effect("give label and split, the split above or below the class", () =>
    Effect.gen(function* () {
      const dataset = yield* read(images("train/benign/1.jpg", "train/malignant/1.jpg", "malignant/test/2.jpg"))
      assert.strictEqual(dataset.layout, "class-folders")
      assert.deepStrictEqual(labels(dataset), {
        "malignant/test/2.jpg": 1,
        "train/benign/1.jpg": 0,
        "train/malignant/1.jpg": 1
      })
      assert.deepStrictEqual(
        dataset.rows.map(({ split }) => split),
        ["test", "train", "train"]
      )
      assert.match(dataset.warnings.join(), /names no patient or lesion/u)
    })
  )
  it.effect("take configured names, every other one being the other class", () =>
    Effect.gen(function* () {
      const dataset = yield* read(images("A/1.jpg", "B/1.jpg", "C/1.jpg"), { positive: ["b"] })
      assert.deepStrictEqual(labels(dataset), { "A/1.jpg": 0, "B/1.jpg": 1, "C/1.jpg": 0 })
    })
  )
  it("may be numbers, and the deepest counts", () => {
    assert.strictEqual(classFromFolders("0/x.png", [])?.label, 0)
    assert.strictEqual(classFromFolders("melanoma/benign/x.png", [])?.label, 0)
    assert.isUndefined(classFromFolders("x.png", []))
  })
})

describe("the class in a file name", () => {
  const cases: ReadonlyArray<readonly [string, 0 | 1 | undefined]> = [
    ["malignant_00001.png", 1],
    ["benign_53110.png", 0],
    ["gan-melanoma-3.png", 1],
    ["non-melanoma_3.png", 0],
    ["fake_NotMelanoma_3.png", 0],
    ["nevus12.png", 0],
    ["nv_7.png", 0],
    ["FISIC_0000001.png", undefined],
    ["benign_to_malignant_1.png", undefined],
    ["ruler_5_mm.png", undefined],
    ["seed0600_1.png", undefined],
    ["img0.png", undefined]
  ]
  for (const [name, label] of cases) {
    it(name, () => assert.strictEqual(classFromName(name, [], false)?.label, label))
  }
  it("is a number at the end only where the layout is named", () => {
    assert.strictEqual(classFromName("seed0600_1.jpg", [], true)?.label, 1)
    assert.strictEqual(classFromName("seed0600_0.jpg", [], true)?.label, 0)
    assert.isUndefined(classFromName("img1.jpg", [], true))
  })
  it.effect("is the layout that is detected", () =>
    Effect.gen(function* () {
      const dataset = yield* read(images("malignant_1.png", "benign_2.png"), { origin: "synthetic" })
      assert.strictEqual(dataset.layout, "class-in-name")
      const numbered = yield* read(images("a_1.png", "b_0.png"), { layout: "class-in-name" })
      assert.deepStrictEqual(labels(numbered), { "a_1.png": 1, "b_0.png": 0 })
    })
  )
})

describe("a folder of one class", () => {
  it.effect("is declared by the options or by the manifest of its generator", () =>
    Effect.gen(function* () {
      const files = images("FISIC_0000001.png", "FISIC_0000002.png")
      const declared = yield* read(files, { origin: "synthetic", declaredLabel: 1 })
      assert.deepStrictEqual(labels(declared), { "FISIC_0000001.png": 1, "FISIC_0000002.png": 1 })
      const manifest = JSON.stringify({ generator: "ACGAN", label: "malignant", trainedOn: ["a.jpg"], more: 1 })
      const read2 = yield* read({ ...files, "generator.json": manifest }, { origin: "synthetic" })
      assert.deepStrictEqual(labels(read2), labels(declared))
      assert.deepStrictEqual(read2.manifest, { generator: "ACGAN", label: "malignant", trainedOn: ["a.jpg"] })
      assert.deepStrictEqual(read2.warnings, [])
    })
  )
  it.effect("is one where the manifest has a class and only some names do", () =>
    Effect.gen(function* () {
      const files = { ...images("melanoma_1.png", "2.png"), "generator.json": '{ "label": 1 }' }
      assert.deepStrictEqual(labels(yield* read(files, { origin: "synthetic" })), { "2.png": 1, "melanoma_1.png": 1 })
      const { "generator.json": _, ...bare } = files
      const error = yield* Effect.flip(read(bare, { origin: "synthetic" }))
      assert.match(error.message, /1 of 2 images have no class: 2\.png\n.*generator\.json.*data\.syntheticLabel/u)
      const flat = yield* Effect.flip(read(images("1.png", "2.png"), { origin: "synthetic" }))
      assert.match(flat.message, /nothing that labels them[^\n]*\n.*data\.syntheticLabel=melanoma/u)
    })
  )
  it.effect("a manifest that is none is refused", () =>
    Effect.gen(function* () {
      const files = { ...images("malignant_1.png"), "generator.json": '{"trainedOn": 3}' }
      const error = yield* Effect.flip(read(files, { origin: "synthetic" }))
      assert.strictEqual(error.reason, "malformed-manifest")
      assert.match(error.message, /trainedOn/u)
    })
  )
})

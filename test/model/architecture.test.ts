import { assert, describe, it } from "@effect/vitest"
import { familiesOf } from "../../src/model/architecture/family.ts"
import { networkPlan, parameterCount } from "../../src/model/architecture/network.ts"
import { sides } from "../../src/model/architecture/padding.ts"
import { weightTree } from "../../src/model/architecture/tree.ts"
import { architecture, type Variant } from "../../src/model/architecture/variants.ts"
import { naming } from "../../src/model/weights/naming.ts"

const leaves = (variant: Variant, classes: number) => {
  const list: Array<Parameters<Parameters<typeof weightTree>[3]>[0]> = []
  weightTree(
    architecture(variant),
    "plain",
    naming("torchvision", architecture(variant))!,
    (leaf) => list.push(leaf),
    classes
  )
  return list
}

describe("EfficientNet", () => {
  it.each([
    ["b0", 5_288_548],
    ["b1", 7_794_184],
    ["b2", 9_109_994],
    ["b3", 12_233_232],
    ["b4", 19_341_616],
    ["b5", 30_389_784],
    ["b6", 43_040_704],
    ["b7", 66_347_960]
  ] as const)("%s has the published number of parameters with 1,000 classes", (variant, count) => {
    assert.strictEqual(parameterCount(leaves(variant, 1000)), count)
  })

  it("b3 has 26 blocks, and the counts of the original with one logit and the extra batch norm", () => {
    const plain = networkPlan({ variant: "b3", family: "torchvision", head: "plain" })
    const original = networkPlan({ variant: "b3", family: "torchvision", head: "original" })
    assert.strictEqual(plain.architecture.blocks.length, 26)
    assert.strictEqual(parameterCount(plain.list), 10_697_769)
    assert.strictEqual(parameterCount(original.list), 10_700_841)
    assert.strictEqual(leaves("b3", 1000).length, 496)
  })

  it("names every weight once in every family", () => {
    for (const variant of ["b0", "resnet50"] as const) {
      for (const family of familiesOf(variant)) {
        const names: Array<string> = []
        const shapes = architecture(variant)
        weightTree(shapes, "original", naming(family, shapes)!, ({ name }) => names.push(name))
        assert.strictEqual(new Set(names).size, names.length)
      }
    }
  })
})

describe("padding", () => {
  const strided = [
    [128, 300, 3],
    [64, 150, 3],
    [32, 75, 5],
    [16, 38, 3],
    [8, 19, 5]
  ] as const

  it("of b3's stride-2 layers at 128 pixels, by family", () => {
    const of = (rule: "symmetric" | "same" | "static") =>
      strided.map(([size, native, kernel]) => sides(rule, size, native, kernel, 2))
    assert.deepStrictEqual(of("symmetric"), [
      [1, 1],
      [1, 1],
      [2, 2],
      [1, 1],
      [2, 2]
    ])
    assert.deepStrictEqual(of("same"), [
      [0, 1],
      [0, 1],
      [1, 2],
      [0, 1],
      [1, 2]
    ])
    assert.deepStrictEqual(of("static"), [
      [0, 1],
      [0, 1],
      [2, 2],
      [0, 1],
      [2, 2]
    ])
  })
})

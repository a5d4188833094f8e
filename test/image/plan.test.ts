import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import { augmentationPlan, planView, resizePlan } from "../../src/image/plan.ts"
import { openPlan, planLines } from "../../src/image/plan-file.ts"
import { presets } from "../../src/image/presets.ts"
import { decodeTransforms, type Transforms } from "../../src/image/transforms/transform.ts"
import { inMemory, readAll } from "../../src/store/stored-bytes.ts"

const row = (index: number) => ({ digest: `digest-${index}`, width: 600, height: 450 })
const rows = Array.from({ length: 12 }, (_, index) => row(index))
const list = (raw: unknown): Transforms => Effect.runSync(decodeTransforms(raw))

const planned = (...args: Parameters<typeof augmentationPlan>) => [...augmentationPlan(...args).images]

/** How often each place of the list applied, over many images. */
const frequencies = (transforms: Transforms, images = 2000) => {
  const counts = new Map<string, number>()
  for (let index = 0; index < images; index++) {
    for (const { path } of planView(transforms, 7, row(index), 0))
      counts.set(path, (counts.get(path) ?? 0) + 1 / images)
  }
  return counts
}

describe("a plan", () => {
  it("is the same under any order and any subset of the images", () => {
    const whole = new Map(planned("original", 3, 2, rows).map((image) => [image.digest, image]))
    fc.assert(
      fc.property(fc.shuffledSubarray(rows), (some) => {
        for (const image of planned("original", 3, 2, some)) {
          assert.deepStrictEqual(image, whole.get(image.digest)!)
        }
      }),
      { numRuns: 20 }
    )
  })

  it("keeps the views it had when views are added, and differs between views, images and seeds", () => {
    const [two, three] = [2, 3].map((views) => planned("siim-winner", 3, views, rows)[0]!.views)
    assert.deepStrictEqual(three!.slice(0, 2), two!)
    assert.notDeepEqual(two![0], two![1])
    assert.notDeepEqual(planned("siim-winner", 4, 2, rows)[0]!.views, two)
    assert.notDeepEqual(planned("siim-winner", 3, 2, rows)[1]!.views, two)
  })

  it("leaves the draws of the others alone when a transform is added or removed", () => {
    const without = planView(presets.original, 1, row(0), 0)
    const added = planView([...list([{ _tag: "CLAHE", p: 1 }]), ...presets.original], 1, row(0), 0)
    assert.deepStrictEqual(added.slice(1), without)
  })

  it("goes through its file unchanged, image by image, any number of times", () => {
    const whole = (plan: ReturnType<typeof openPlan>) => ({ ...plan, images: [...plan.images] })
    // More than one window of the reader, so that lines and letters lie across its border.
    const many = Array.from({ length: 150 }, (_, index) => ({ ...row(index), digest: `ü-${index}` }))
    const plan = augmentationPlan("siim-winner", 3, 4, many)
    const file = inMemory(Buffer.concat([...planLines(plan)]))
    assert.isAbove(file.size, 1 << 18)
    const opened = openPlan(file)
    assert.deepStrictEqual(whole(opened), whole(plan))
    assert.deepStrictEqual(whole(opened), whole(plan))
    assert.deepStrictEqual(Buffer.concat([...planLines(opened)]), Buffer.from(readAll(file)))
    assert.deepStrictEqual(whole(openPlan(inMemory(Buffer.concat([...planLines(resizePlan([]))])))).images, [])
  })

  it("has the images once each, in the order of the rows", () => {
    const plan = augmentationPlan("none", 0, 1, [row(2), row(0), row(2)])
    assert.deepStrictEqual(plan.digests, ["digest-2", "digest-0"])
    assert.deepStrictEqual(
      [...plan.images],
      [
        { digest: "digest-2", views: [[]] },
        { digest: "digest-0", views: [[]] }
      ]
    )
  })
})

describe("probabilities", () => {
  it("of the original list are those written", () => {
    const found = frequencies(presets.original)
    assert.strictEqual(found.get("Cutout")!.toFixed(2), "1.00")
    for (const path of ["Transpose", "RandomContrast", "VerticalFlip", "Flip", "ShiftScaleRotate"]) {
      assert.closeTo(found.get(path)!, 0.5, 0.05, path)
    }
    const [strong, mild] = ["", ".1"].map((at) => found.get(`OneOf/RandomBrightnessContrast${at}`)!)
    assert.closeTo(strong!, 0.5, 0.05)
    assert.closeTo(strong! + mild!, 1, 1e-9)
  })

  it("in OneOf weigh the choice; the chosen one applies for certain", () => {
    const found = frequencies(
      list([
        {
          _tag: "OneOf",
          p: 0.8,
          transforms: [
            { _tag: "VerticalFlip", p: 0.1 },
            { _tag: "HorizontalFlip", p: 0.3 },
            { _tag: "Transpose", p: 0 }
          ]
        }
      ])
    )
    assert.closeTo(found.get("OneOf/VerticalFlip")!, 0.2, 0.04)
    assert.closeTo(found.get("OneOf/HorizontalFlip")!, 0.6, 0.04)
    assert.isUndefined(found.get("OneOf/Transpose"))
  })

  it("SomeOf draws n, each at most once without replacement, and keeps the list's order", () => {
    const three = ["Transpose", "VerticalFlip", "HorizontalFlip"].map((_tag) => ({ _tag }))
    const views = (replace: boolean) =>
      Array.from({ length: 100 }, (_, index) =>
        planView(list([{ _tag: "SomeOf", n: 2, replace, transforms: three }]), 1, row(index), 0).map(({ path }) => path)
      )
    const order = three.map(({ _tag }) => `SomeOf/${_tag}`)
    for (const paths of views(false)) {
      assert.strictEqual(new Set(paths).size, 2)
      assert.deepStrictEqual(
        paths,
        order.filter((path) => paths.includes(path))
      )
    }
    assert.isTrue(views(true).some(([a, b]) => a === b))
  })

  it("Compose applies all of its list or none", () => {
    const nested = list([
      {
        _tag: "Compose",
        p: 0.5,
        transforms: [
          { _tag: "Transpose", p: 1 },
          { _tag: "CLAHE", p: 1 }
        ]
      }
    ])
    const counts = new Set(rows.map((it) => planView(nested, 1, it, 0).length))
    assert.deepStrictEqual([...counts].sort(), [0, 2])
  })
})

describe("lengths", () => {
  const holeWidth = (size: { width: number; height: number }, maxWSize: unknown) => {
    const [drawn] = planView(list([{ _tag: "Cutout", maxWSize, p: 1 }]), 1, { digest: "a", ...size }, 0)
    if (drawn?.sampled._tag !== "Cutout") throw new Error("no Cutout was drawn")
    const [x1, , x2] = drawn.sampled.holes[0]!
    return (x2 - x1) * size.width
  }

  it("are relative to the shorter side by default: alike on a photograph and on a small synthetic image", () => {
    assert.closeTo(holeWidth({ width: 600, height: 450 }, 0.1), 45, 1e-9)
    assert.closeTo(holeWidth({ width: 128, height: 128 }, 0.1), 12.8, 1e-9)
  })

  it("are pixels of the stored image on request", () => {
    assert.closeTo(holeWidth({ width: 600, height: 450 }, { pixels: 8 }), 8, 1e-9)
    assert.closeTo(holeWidth({ width: 128, height: 128 }, { pixels: 8 }), 8, 1e-9)
  })
})

describe("a list of transforms from a file", () => {
  it("is refused with the place of what is wrong", () => {
    const fault = (raw: unknown) => String(Effect.runSync(Effect.flip(decodeTransforms(raw))).message)
    assert.match(fault([{ _tag: "Transpose", p: 2 }]), /\[0\]\["p"\]/)
    assert.match(fault([{ _tag: "OneOf", transforms: [{ _tag: "CLAHE", clipLimit: 0 }] }]), /clipLimit/)
    assert.match(fault([{ _tag: "Rotate" }]), /Rotate/)
    assert.match(fault([{ _tag: "Transpose", probability: 1 }]), /probability/)
  })

  it("has albumentations' defaults where it says nothing", () => {
    const [ssr, hsv] = list([{ _tag: "ShiftScaleRotate" }, { _tag: "HueSaturationValue" }])
    assert.deepInclude(ssr, { shiftLimit: 0.0625, scaleLimit: 0.1, rotateLimit: 45, borderMode: "reflect101", p: 0.5 })
    assert.deepInclude(hsv, { hueShiftLimit: 20, satShiftLimit: 30, valShiftLimit: 20, p: 0.5 })
  })
})

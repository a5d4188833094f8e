import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { openPack } from "../../src/image/pack.ts"
import { augmentationPlan, type PlannedImage, resizePlan } from "../../src/image/plan.ts"
import { render, renderViews, resizeOnly } from "../../src/image/render.ts"
import { inProcess } from "../../src/image/render-all.ts"
import { applySampled, type Sampled } from "../../src/image/transforms/families.ts"
import { sampleTransforms } from "../../src/image/transforms/sample.ts"
import { decodeTransforms } from "../../src/image/transforms/transform.ts"
import { generator } from "../../src/random/generator.ts"
import { inMemory } from "../../src/store/stored-bytes.ts"
import { difference, jpegOf, packOf, picture, pngOf } from "./images.ts"

const names = [
  "Transpose",
  "HorizontalFlip",
  "VerticalFlip",
  "Flip",
  "RandomRotate90",
  "ShiftScaleRotate",
  "RandomBrightnessContrast",
  "RandomContrast",
  "HueSaturationValue",
  "Cutout",
  "CoarseDropout",
  "CLAHE",
  "GaussNoise",
  "GaussianBlur",
  "MotionBlur",
  "MedianBlur",
  "ElasticTransform",
  "GridDistortion",
  "OpticalDistortion",
  "Hair",
  "Microscope"
] as const

const drawn = (_tag: string, key: string): Sampled =>
  sampleTransforms(Effect.runSync(decodeTransforms([{ _tag, p: 1 }])), (path) => generator("test", key, path), {
    width: 90,
    height: 70
  })[0]!.sampled

describe("every transform", () => {
  for (const name of names) {
    it(`${name} changes the picture, leaves its input alone, and gives the same twice`, () => {
      const image = picture(90, 70)
      const before = image.data.slice()
      const outputs = Array.from({ length: 6 }, (_, i) => applySampled(image, drawn(name, `${i}`)))
      assert.deepStrictEqual(image.data, before)
      for (const [i, output] of outputs.entries()) {
        assert.strictEqual(output.data.length, output.width * output.height * 3)
        assert.deepStrictEqual(applySampled(image, drawn(name, `${i}`)), output)
      }
      assert.isTrue(outputs.some(({ data }) => difference(data, before) > 0.1))
    })
  }

  it("works on images of one pixel and of one row", () => {
    for (const image of [picture(1, 1), picture(30, 1), picture(2, 17)]) {
      for (const name of names) {
        const { width, height, data } = applySampled(image, drawn(name, "small"))
        assert.strictEqual(data.length, width * height * 3, name)
      }
    }
  })
})

describe("render", () => {
  it("leaves an image that has the side already as it is", () => {
    const image = picture(32, 32)
    assert.deepStrictEqual(resizeOnly(image, 32), image.data)
  })

  it("shows the same view alike at two resolutions", () => {
    const [large, small] = [picture(640, 480), picture(160, 120)]
    const plan = augmentationPlan("original", 5, 8, [{ digest: "a", width: 640, height: 480 }])
    for (const view of [...plan.images][0]!.views) {
      assert.isBelow(difference(render(large, view, 64), render(small, view, 64)), 6)
    }
  })

  it.effect("decodes once for all views, each equal to the view made alone", () =>
    Effect.gen(function* () {
      const bytes = yield* Effect.promise(() => jpegOf(picture(200, 150)))
      const [image] = augmentationPlan("original", 5, 3, [{ digest: "a", width: 200, height: 150 }]).images
      const { views } = image!
      const all = yield* renderViews(bytes, views, 48, { name: "a" })
      for (const [index, view] of views.entries()) {
        const alone = yield* renderViews(bytes, [view], 48, { name: "a" })
        assert.deepStrictEqual(all.slice(index * alone.length, (index + 1) * alone.length), alone)
      }
    })
  )
})

describe("renderAll", () => {
  const files = Effect.promise(async () => {
    const made = new Map<string, Uint8Array>()
    for (let i = 0; i < 9; i++) {
      const image = picture(60 + 20 * i, 90, `${i}`)
      made.set(`image-${i}`, i % 2 === 0 ? await jpegOf(image) : await pngOf(image))
    }
    return made
  })
  const planOf = (made: Map<string, Uint8Array>) =>
    augmentationPlan(
      "original",
      1,
      2,
      Array.from(made.keys(), (digest) => ({ digest, width: 80, height: 90 }))
    )

  it.effect("gives the same bytes whatever the concurrency and the order of arrival", () =>
    Effect.gen(function* () {
      const made = yield* files
      const late = (digest: string) =>
        Effect.promise(async () => {
          await new Promise((resolve) => setTimeout(resolve, digest === "image-0" ? 40 : 0))
          return made.get(digest)!
        })
      const one = yield* packOf(planOf(made), late, { side: 32, concurrency: 1 })
      const many = yield* packOf(planOf(made), late, { side: 32, concurrency: 9 })
      assert.deepStrictEqual(many, one)
      const pack = yield* openPack(inMemory(one))
      assert.deepStrictEqual(pack.keys, [...made.keys()])
      const third = [...planOf(made).images][3]!
      const alone = yield* renderViews(made.get("image-3")!, third.views, 32, { name: "a" })
      assert.deepStrictEqual(Buffer.concat([pack.image(3, 0), pack.image(3, 1)]), Buffer.from(alone))
    })
  )

  it.effect("makes only what the cache does not have", () =>
    Effect.gen(function* () {
      const made = yield* files
      const kept = new Map<string, Uint8Array>()
      let rendered = 0
      const options = {
        side: 32,
        renderer: (...args: Parameters<typeof inProcess>) => {
          rendered++
          return inProcess(...args)
        },
        cache: {
          get: (image: PlannedImage) => Effect.succeed(kept.get(image.digest)),
          put: (image: PlannedImage, _: number, pixels: Uint8Array) =>
            Effect.sync(() => void kept.set(image.digest, pixels))
        }
      }
      const read = (digest: string) => Effect.succeed(made.get(digest)!)
      const some = new Map([...made].slice(0, 6))
      yield* packOf(planOf(some), read, options)
      const seen: Array<number> = []
      const whole = yield* packOf(planOf(made), read, options, ({ cached }) =>
        Effect.sync(() => void seen.push(cached))
      )
      assert.strictEqual(rendered, 9)
      assert.strictEqual(Math.max(...seen), 6)
      assert.deepStrictEqual(whole, yield* packOf(planOf(made), read, { side: 32 }))
    })
  )

  it.effect("fails with the image's name", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        packOf(resizePlan(["a"]), () => Effect.succeed(new TextEncoder().encode("text")), {
          side: 32,
          nameOf: () => "data/lesion.jpg"
        })
      )
      assert.match(error.message, /data\/lesion\.jpg/)
    })
  )
})

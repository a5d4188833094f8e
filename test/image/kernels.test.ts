import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import { decode } from "../../src/image/decode.ts"
import { borderIndex } from "../../src/image/kernels/border.ts"
import { convolve } from "../../src/image/kernels/convolve.ts"
import { flipHorizontal, flipVertical, rotate90, transpose } from "../../src/image/kernels/flips.ts"
import { gaussianBlur, smoothField } from "../../src/image/kernels/gaussian.ts"
import { labToRgb, rgbToLab } from "../../src/image/kernels/lab.ts"
import { medianBlur } from "../../src/image/kernels/median.ts"
import { motionKernel } from "../../src/image/kernels/motion.ts"
import { gaussNoise } from "../../src/image/kernels/noise.ts"
import { resize, resizeArea } from "../../src/image/kernels/resize.ts"
import { shiftScaleRotate, shiftScaleRotateMatrix } from "../../src/image/kernels/shift-scale-rotate.ts"
import { compose, IDENTITY, invert, warpAffine } from "../../src/image/kernels/warp-affine.ts"
import type { Pixels } from "../../src/image/pixels.ts"
import { generator } from "../../src/random/generator.ts"
import { difference, picture } from "./images.ts"

const opencv = join(import.meta.dirname, "../fixtures/image/opencv")
const golden = (name: string) =>
  Effect.runPromise(decode(new Uint8Array(readFileSync(join(opencv, `${name}.png`))), { name }))
const greatest = (a: Pixels, b: Pixels) => a.data.reduce((most, v, i) => Math.max(most, Math.abs(v - b.data[i]!)), 0)

const anyImage = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer())
  .map(([width, height, key]) => {
    const random = generator("pixels", key)
    return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)) }
  })

describe("flips", () => {
  it("are involutions, and quarter turns have order four", () => {
    fc.assert(
      fc.property(anyImage, (image) => {
        assert.deepStrictEqual(flipHorizontal(flipHorizontal(image)), image)
        assert.deepStrictEqual(flipVertical(flipVertical(image)), image)
        assert.deepStrictEqual(transpose(transpose(image)), image)
        assert.deepStrictEqual(rotate90(rotate90(image, 1), 3), image)
        assert.deepStrictEqual(rotate90(rotate90(image, 1), 1), rotate90(image, 2))
        assert.deepStrictEqual(rotate90(image, 2), flipVertical(flipHorizontal(image)))
        assert.deepStrictEqual(rotate90(image, 1), flipVertical(transpose(image)))
      })
    )
  })
})

describe("blurs", () => {
  it("Gaussian, within one level of OpenCV's", async () => {
    const input = await golden("input")
    for (const size of [3, 5, 7, 9]) {
      assert.isAtMost(greatest(gaussianBlur(input, size, 0), await golden(`gaussian_${size}`)), 1, `size ${size}`)
    }
  })

  it("median, equal to OpenCV's", async () => {
    const input = await golden("input")
    for (const size of [3, 5, 7]) {
      assert.deepStrictEqual(medianBlur(input, size), await golden(`median_${size}`), `size ${size}`)
    }
  })

  it("motion, within one level of OpenCV's filter on OpenCV's line", async () => {
    const input = await golden("input")
    const cases = JSON.parse(readFileSync(join(opencv, "motion.json"), "utf8"))
    for (const [index, { size, from, to, cells, kernel }] of cases.entries()) {
      const ours = motionKernel(size, from, to)
      assert.deepStrictEqual(
        Array.from(ours, (weight) => Math.round(weight * cells)),
        kernel.flat()
      )
      assert.isAtMost(greatest(convolve(input, ours, size), await golden(`motion_${index}`)), 1)
    }
  })

  it("a smoothed field of noise has the deviation that theory gives", () => {
    const random = generator("field")
    const field = Float32Array.from({ length: 160 * 160 }, () => random.uniform(-1, 1))
    smoothField(field, 160, 160, 2)
    const deviation = Math.sqrt(field.reduce((sum, v) => sum + v * v, 0) / field.length)
    assert.closeTo(deviation / (1 / (Math.sqrt(3) * 2 * Math.sqrt(Math.PI) * 2)), 1, 0.06)
  })
})

describe("affine warps", () => {
  const border = { mode: "reflect101" } as const

  it("by the identity and by whole pixels are exact", () => {
    const image = picture(40, 30)
    assert.deepStrictEqual(warpAffine(image, IDENTITY, border), image)
    const moved = warpAffine(image, [1, 0, 3, 0, 1, -2], border)
    for (let y = 0; y < 28; y++) {
      for (let x = 3; x < 40; x++) {
        assert.strictEqual(moved.data[(y * 40 + x) * 3], image.data[((y + 2) * 40 + x - 3) * 3])
      }
    }
  })

  it("composed in one step equal two steps, within interpolation error", () => {
    const image = gaussianBlur(picture(80, 60), 9, 2)
    const first = { angle: 20, scale: 1.05, dx: 0.02, dy: -0.03 }
    const second = { angle: -35, scale: 0.95, dx: -0.04, dy: 0.02 }
    const twice = shiftScaleRotate(shiftScaleRotate(image, first, border), second, border)
    const matrix = compose(shiftScaleRotateMatrix(image, second), shiftScaleRotateMatrix(image, first))
    const once = warpAffine(image, matrix, border)
    // Away from the edge: what the first warp mirrored in, the second shows again.
    const inner = ({ data }: Pixels) => data.filter((_, i) => Math.hypot(((i / 3) % 80) - 40, i / 240 - 30) < 22)
    assert.isBelow(difference(inner(once), inner(twice)), 1)
  })

  it("an inverse undoes its map, whatever the map", () => {
    const entry = fc.integer({ min: -3000, max: 3000 }).map((thousandths) => thousandths / 1000)
    fc.assert(
      fc.property(entry, entry, entry, entry, entry, entry, (a, b, c, d, e, f) => {
        fc.pre(Math.abs(a * e - b * d) > 0.01)
        const product = compose(invert([a, b, c, d, e, f]), [a, b, c, d, e, f])
        for (const [i, value] of product.entries()) assert.closeTo(value, IDENTITY[i]!, 1e-6)
      })
    )
  })
})

describe("borders", () => {
  it("continue abcd as their names say", () => {
    const shown = (mode: Parameters<typeof borderIndex>[2]) =>
      Array.from({ length: 12 }, (_, i) => "abcd"[borderIndex(i - 4, 4, mode)] ?? "0").join("")
    assert.deepStrictEqual((["constant", "replicate", "reflect", "reflect101", "wrap"] as const).map(shown), [
      "0000abcd0000",
      "aaaaabcddddd",
      "dcbaabcddcba",
      "cdcbabcdcbab",
      "abcdabcdabcd"
    ])
    assert.strictEqual(borderIndex(-7, 1, "reflect101"), 0)
  })
})

describe("Lab", () => {
  it("there and back is near the start for skin, black, white and grey", () => {
    const rgb = Uint8Array.of(214, 168, 142, 92, 58, 46, 0, 0, 0, 255, 255, 255, 128, 128, 128)
    const back = labToRgb(rgbToLab(rgb))
    for (const [i, value] of back.entries()) assert.isAtMost(Math.abs(value - rgb[i]!), 3)
    assert.deepStrictEqual([...rgbToLab(Uint8Array.of(255, 255, 255))], [255, 128, 128])
  })
})

describe("resizing", () => {
  it("leaves a constant image constant and an image of that size alone", () => {
    const flat = { width: 37, height: 23, data: new Uint8Array(37 * 23 * 3).fill(131) }
    assert.isTrue(resize(flat, 16, 16).data.every((value) => value === 131))
    assert.isTrue(resize(flat, 80, 50).data.every((value) => value === 131))
    assert.strictEqual(resize(flat, 37, 23), flat)
  })

  it("to half by area is the mean of four", () => {
    const image = picture(8, 6)
    const half = resizeArea(image, 4, 3)
    const at = (x: number, y: number) => image.data[(y * 8 + x) * 3]!
    for (const [x, y] of [
      [0, 0],
      [3, 2],
      [1, 1]
    ] as const) {
      const mean = (at(2 * x, 2 * y) + at(2 * x + 1, 2 * y) + at(2 * x, 2 * y + 1) + at(2 * x + 1, 2 * y + 1)) / 4
      assert.isAtMost(Math.abs(half.data[(y * 4 + x) * 3]! - mean), 0.5)
    }
  })

  it("does not alias: stripes finer than a pixel come out grey", () => {
    const stripes = {
      width: 128,
      height: 8,
      data: Uint8Array.from({ length: 128 * 8 * 3 }, (_, i) => ((i / 3) & 1) * 255)
    }
    for (const value of resize(stripes, 32, 8).data) assert.closeTo(value, 127.5, 10)
  })
})

describe("Gaussian noise", () => {
  it("has the deviation asked for, and no bias but that of truncation", () => {
    const grey = { width: 200, height: 100, data: new Uint8Array(60_000).fill(128) }
    const { data } = gaussNoise(grey, 6, generator("noise-test"))
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length
    const deviation = Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length)
    assert.closeTo(mean, 127.5, 0.1)
    assert.closeTo(deviation, 6, 0.1)
    assert.closeTo(data.filter((value) => value < 128 - 12).length / data.length, 0.0228, 0.003)
  })
})

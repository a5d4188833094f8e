import { describe, expect, it } from "vitest"
import { generator } from "../../../src/random/generator.ts"
import { spectrumFeatures } from "../../../src/statistics/generators/spectrum.ts"

/** A gray image of `size` with a wave of `cycles` along x. */
const wave = (size: number, cycles: number): Uint8Array =>
  Uint8Array.from({ length: size * size * 3 }, (_, at) => {
    const x = Math.floor(at / 3) % size
    return Math.round(128 + 100 * Math.cos((2 * Math.PI * cycles * x) / size))
  })

describe("the spectrum", () => {
  it.each([32, 24, 27])("of a wave peaks in the ring of its frequency, size %d", (size) => {
    const first = Math.ceil(size / 8)
    for (const cycles of [first + 2, Math.floor(size / 2) - 2]) {
      const { rows, columns, data } = spectrumFeatures(wave(size, cycles), 1, size)
      expect([rows, columns]).toEqual([1, Math.floor(size / 2) - first + 1])
      expect(data.indexOf(Math.max(...data)) + first).toBe(cycles)
    }
  })

  it("is the discrete Fourier transform: one ring by its definition", () => {
    const size = 8
    const random = generator("spectrum")
    const image = Uint8Array.from({ length: size * size * 3 }, () => random.integer(256))
    const hann = (at: number) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (at + 0.5)) / size)
    const power = (u: number, v: number) => {
      let [re, im] = [0, 0]
      for (let y = 0; y < size; y++) {
        for (let x = 0; x < size; x++) {
          const at = (y * size + x) * 3
          const value = (0.299 * image[at]! + 0.587 * image[at + 1]! + 0.114 * image[at + 2]!) * hann(x) * hann(y)
          re += value * Math.cos((2 * Math.PI * (u * x + v * y)) / size)
          im -= value * Math.sin((2 * Math.PI * (u * x + v * y)) / size)
        }
      }
      return re * re + im * im
    }
    const cells: Array<number> = []
    for (let u = -3; u <= 4; u++) {
      for (let v = -3; v <= 4; v++) if (Math.round(Math.hypot(u, v)) === 2) cells.push(power(u, v))
    }
    const mean = cells.reduce((a, b) => a + b, 0) / cells.length
    expect(spectrumFeatures(image, 1, size).data[1]).toBeCloseTo(Math.log1p(mean), 4)
  })

  it("tells a smooth image from one with a checkerboard on it, image by image", () => {
    const size = 16
    const smooth = wave(size, 1)
    const board = smooth.map((value, at) => {
      const pixel = Math.floor(at / 3)
      return value + (((pixel % size) + Math.floor(pixel / size)) % 2 === 0 ? 4 : -4)
    })
    const { columns, data } = spectrumFeatures(new Uint8Array([...smooth, ...board]), 2, size)
    const axis = wave(size, 8).map((value) => (value - 128) / 25 + 128)
    expect(spectrumFeatures(axis, 1, size).data.at(-1)).toBeGreaterThan(data[columns - 1]! + 1)
    expect(data.subarray(0, columns)).toEqual(spectrumFeatures(smooth, 1, size).data)
  })
})

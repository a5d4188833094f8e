import { assert, describe, it } from "@effect/vitest"
import { overlay } from "../../src/image/overlay.ts"

const side = 16
const image = Uint8Array.from({ length: side * side * 3 }, (_, at) => [200, 150, 130][at % 3]!)
const pixel = (pixels: Uint8Array, x: number, y: number) => [
  ...pixels.subarray((y * side + x) * 3, (y * side + x) * 3 + 3)
]

describe("overlay", () => {
  it("is the image in grey where the map is 0", () => {
    const grey = Math.round(0.299 * 200 + 0.587 * 150 + 0.114 * 130)
    const out = overlay(image, side, new Float32Array(16), 4)
    assert.isTrue(out.every((value) => value === grey))
  })

  it("colours the cell where the map is 1, and no other corner", () => {
    const map = new Float32Array(16)
    map[3] = 1
    const out = overlay(image, side, map, 4)
    const [red, , blue] = pixel(out, 15, 0)
    assert.isAbove(red! - blue!, 80)
    for (const [x, y] of [
      [0, 0],
      [0, 15],
      [15, 15]
    ] as const) {
      assert.strictEqual(new Set(pixel(out, x, y)).size, 1, `${x}, ${y}`)
    }
    assert.notDeepEqual(out, image)
  })
})

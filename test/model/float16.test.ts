import { assert, describe, it } from "@effect/vitest"
import { decodeHalves, encodeHalves, halfToFloat } from "../../src/model/weights/float16.ts"

interface HalfArray {
  readonly from: (values: Iterable<number>) => { readonly buffer: ArrayBuffer }
}
/** Node 24 has it; Node 22 does not. */
const native = (globalThis as { Float16Array?: HalfArray }).Float16Array

describe("half precision", () => {
  it("gives each of the 65,536 halves back, NaN as a NaN", () => {
    const all = Uint16Array.from({ length: 65_536 }, (_, bits) => bits)
    const numbers = new Float32Array(65_536)
    decodeHalves(all, numbers)
    const again = encodeHalves(numbers)
    for (const bits of all) {
      if (Number.isNaN(halfToFloat(bits))) assert.isNaN(halfToFloat(again[bits]!))
      else if (again[bits] !== bits) assert.fail(`${bits} became ${again[bits]}`)
    }
  })

  it.skipIf(native === undefined)(
    "rounds as the engine does: every half, its neighbours, and what lies between",
    () => {
      const values: Array<number> = [0, -0, 65_519.99, 65_520, -65_520, 1e-9, Number.POSITIVE_INFINITY]
      for (let bits = 0; bits < 0x7c00; bits++) {
        const [here, next] = [halfToFloat(bits), halfToFloat(bits + 1)]
        const middle = Math.fround((here + next) / 2)
        if (Number.isFinite(middle)) values.push(here, middle, middle * (1 + 2 ** -20), -middle * (1 - 2 ** -20))
      }
      const numbers = Float32Array.from(values)
      assert.deepStrictEqual(encodeHalves(numbers), new Uint16Array(native!.from(numbers).buffer))
    }
  )
})

import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { contactSheet } from "../../src/image/contact-sheet.ts"
import { decode } from "../../src/image/decode.ts"

const plain = (value: number) => new Uint8Array(8 * 8 * 3).fill(value)

it.effect("a sheet has the images in rows, white between them", () =>
  Effect.gen(function* () {
    const png = yield* contactSheet({ side: 8, images: [10, 20, 30, 40, 50].map(plain), columns: 3 })
    const { width, height, data } = yield* decode(png, { name: "sheet" })
    assert.deepStrictEqual([width, height], [32, 22])
    const at = (x: number, y: number) => data[(y * width + x) * 3]
    assert.deepStrictEqual([at(2, 2), at(12, 2), at(22, 9), at(2, 12), at(12, 19)], [10, 20, 30, 40, 50])
    assert.deepStrictEqual([at(0, 0), at(10, 5), at(22, 15)], [255, 255, 255])
  })
)

it.effect("of nothing is still an image", () =>
  Effect.gen(function* () {
    const png = yield* contactSheet({ side: 8, images: [] })
    assert.strictEqual((yield* decode(png, { name: "sheet" })).height, 2)
  })
)

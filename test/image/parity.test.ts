import { cp, mkdtemp, readFile, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { augmentParity } from "../../src/image/parity.ts"

const goldens = join(import.meta.dirname, "../fixtures/image")

const copied = (change: (cases: Array<Record<string, unknown>>) => void) =>
  Effect.promise(async () => {
    const folder = await mkdtemp(join(tmpdir(), "parity-"))
    await cp(goldens, folder, { recursive: true })
    const cases = JSON.parse(await readFile(join(folder, "cases.json"), "utf8"))
    change(cases)
    await writeFile(join(folder, "cases.json"), JSON.stringify(cases))
    return folder
  })

it.effect("every case of the goldens is within its bound", () =>
  Effect.gen(function* () {
    const lines = yield* augmentParity(goldens)
    assert.deepStrictEqual(
      lines.filter(({ pass }) => !pass),
      []
    )
    assert.strictEqual(new Set(lines.map(({ quantity }) => quantity.split(":")[0])).size, 18)
  })
)

it.effect("warps agree to the grey level", () =>
  Effect.gen(function* () {
    const lines = yield* augmentParity(goldens)
    const warps = lines.filter(({ quantity }) => /ssr|distortion|area/.test(quantity))
    assert.isAbove(warps.length, 0)
    for (const { quantity, error } of warps) assert.strictEqual(error, 0, quantity)
  })
)

it.effect("the parameters are those of the file", () =>
  Effect.gen(function* () {
    const folder = yield* copied((cases) => {
      for (const it of cases) if (it.name === "hsv_plus") it.params = { hue: -15, sat: 20, val: 10 }
    })
    const failing = (yield* augmentParity(folder)).filter(({ pass }) => !pass)
    assert.isAbove(failing.length, 0)
    assert.isTrue(failing.every(({ quantity }) => quantity.startsWith("hsv_plus")))
  })
)

it.effect("an unknown case and a case with other parameters fail with the reason", () =>
  Effect.gen(function* () {
    const folder = yield* copied((cases) => {
      cases[0]!.name = "solarise"
      for (const it of cases) if (it.name === "bc_up") it.params = { alpha: "much" }
    })
    const failing = (yield* augmentParity(folder)).filter(({ pass }) => !pass)
    assert.deepStrictEqual(
      failing.map(({ quantity }) => quantity),
      ["solarise", "bc_up"]
    )
    assert.match(failing[0]!.reason ?? "", /no operation/)
    assert.match(failing[1]!.reason ?? "", /alpha/)
  })
)

it.effect("files outside the folder are not read", () =>
  Effect.gen(function* () {
    const folder = yield* copied((cases) => {
      cases[0]!.file = "../input.png"
    })
    const error = yield* Effect.flip(augmentParity(folder))
    assert.match(error.message, /cases\.json/)
    assert.match((yield* Effect.flip(augmentParity(join(folder, "absent")))).message, /cannot be read/)
  })
)

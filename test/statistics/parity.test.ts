import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { afterAll } from "vitest"
import { rocParity } from "../../src/statistics/parity.ts"

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/statistics/${name}`, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "parity-"))
afterAll(() => rmSync(folder, { recursive: true }))
const written = (text: string) => {
  const file = join(folder, "roc.json")
  writeFileSync(file, text)
  return file
}
const record = (changes: object) => ({
  labels: [0, 0, 1, 1],
  a: [1, 2, 3, 4],
  b: [1, 2, 3, 4],
  aucA: 1,
  aucB: 1,
  varA: 0,
  varB: 0,
  covAB: 0,
  ciA: [1, 1, 1],
  ciB: [1, 1, 1],
  z: 0,
  p: 1,
  sensAt90A: 1,
  sensAt95A: 1,
  ...changes
})

describe("parity with pROC", () => {
  for (const name of ["roc.json", "roc-edges.json"]) {
    it.effect(`every quantity of ${name} to 1e-9`, () =>
      Effect.gen(function* () {
        const lines = yield* rocParity(fixture(name))
        expect(lines.map((line) => line.quantity)).toEqual([
          "aucA",
          "aucB",
          "varA",
          "varB",
          "covAB",
          "ciA",
          "ciB",
          "z",
          "p",
          "sensAt90A",
          "sensAt95A"
        ])
        for (const line of lines) expect(line).toMatchObject({ pass: true, tolerance: 1e-9 })
      })
    )
  }

  it.effect("sees a value that is off by 2e-9, and one that is missing", () =>
    Effect.gen(function* () {
      const off = yield* rocParity(written(JSON.stringify([record({ sensAt90A: 1 - 2e-9, varA: null })])))
      expect(off.filter((line) => !line.pass).map((line) => line.quantity)).toEqual(["varA", "sensAt90A"])
    })
  )

  it.effect("reads the bare NA, NaN and Inf of R as no value", () =>
    Effect.gen(function* () {
      const text = JSON.stringify([record({ z: "NaN", p: "NA", ciA: ["@", 1, 1] })])
      const bare = text.replace('"NaN"', "NaN").replace('"NA"', "NA").replace('"@"', "-Inf")
      const lines = yield* rocParity(written(bare))
      expect(lines.filter((line) => !line.pass).map((line) => line.quantity)).toEqual(["ciA"])
    })
  )

  it.effect.each(["{", "{}", "[]", JSON.stringify([record({ a: [1] })]), JSON.stringify([record({ labels: [0, 2] })])])(
    "names the file in the error for %s",
    (text) =>
      Effect.gen(function* () {
        const file = written(text)
        const error = yield* Effect.flip(rocParity(file))
        assert.strictEqual(error._tag, "ParityFileUnusable")
        assert.include(error.message, file)
      })
  )

  it.effect("names a file that is not there", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(rocParity(join(folder, "none.json")))
      assert.include(error.message, "none.json: cannot be read")
    })
  )
})

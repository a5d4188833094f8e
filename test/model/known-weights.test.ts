import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { familiesOf } from "../../src/model/architecture/family.ts"
import { knownWeights } from "../../src/model/weights/known.ts"

describe("the table of known weights", () => {
  it("has every name once, each with a family that has such a network", () => {
    assert.strictEqual(new Set(knownWeights.map(({ name }) => name)).size, knownWeights.length)
    for (const { variant, family } of knownWeights) assert.include(familiesOf(variant), family)
  })

  it("has digests, where it has them, as PyTorch puts them into the file's name", () => {
    for (const { name, from } of knownWeights) {
      if (!("url" in from) || from.sha256 === undefined) continue
      assert.match(from.sha256, /^[0-9a-f]{8}$/, name)
      assert.include(from.url, `-${from.sha256}.pth`)
    }
  })

  it("stands in docs/weights.md, row by row", () => {
    const page = readFileSync(new URL("../../docs/weights.md", import.meta.url), "utf8")
    const rows = knownWeights.map(({ name, variant, family, from }) => {
      const place = "url" in from ? from.url : `npm: ${from.package}`
      const digest = "url" in from && from.sha256 ? `${from.sha256}...` : "-"
      return `| \`${name}\` | ${variant} | ${family} | ${digest} | ${place} |`
    })
    for (const row of rows) assert.include(page, row)
    assert.strictEqual(page.match(/\| (https:|npm: )\S+ \|$/gm)?.length, rows.length)
  })
})

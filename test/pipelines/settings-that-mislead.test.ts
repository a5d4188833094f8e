/** What would give a verdict on something else than the user means is refused or said. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, relative } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { SettingError } from "../../src/dag/pipeline.ts"
import { built, paramsOf } from "./nodes.ts"

const notesOf = (given: object) =>
  (paramsOf(given)["compare-with-gan"] as { readonly notes: ReadonlyArray<string> }).notes

const refusal = (given: object) => {
  try {
    built(given)
  } catch (error) {
    assert.instanceOf(error, SettingError)
    return error.message
  }
  return assert.fail("it was built")
}

describe("settings that mislead", () => {
  it.each(["synthetic", "syntheticLabel", "label"])(
    "data.%s without data.real is refused: pictures drawn here would be judged",
    (key) => {
      const message = refusal({ data: { [key]: key === "syntheticLabel" ? "malignant" : "somewhere" } })
      assert.match(message, new RegExp(`data\\.${key}.*without data\\.real[\\s\\S]*--set data\\.real=FOLDER`, "u"))
    }
  )

  it.each(["real", "synthetic"])("an empty folder as data.%s is said before any work, as given and absolute", (key) => {
    const folder = mkdtempSync(join(tmpdir(), "dermograph-empty-"))
    mkdirSync(join(folder, "benign"))
    writeFileSync(join(folder, "benign", ".DS_Store"), "")
    const given = relative(process.cwd(), folder)
    const message = refusal({ data: { real: "src", [key]: given } })
    rmSync(folder, { recursive: true })
    assert.include(message, `data.${key}: no file is in ${given} (${folder})`)
  })

  it("frozen blocks of random weights are said in the report", () => {
    const random = /random weights/u
    assert.match(notesOf({}).join("\n"), random)
    assert.match(notesOf({ model: { frozenLayers: "stage2" } }).join("\n"), random)
    assert.notMatch(notesOf({ model: { frozenLayers: 0 } }).join("\n"), random)
    assert.notMatch(notesOf({ model: { frozenLayers: "none" } }).join("\n"), random)
    assert.notMatch(notesOf({ model: { weights: "weights.safetensors" } }).join("\n"), random)
  })
})

/** The presets as the page of transforms prints them are those of the code, and can be pasted. */
import { readFileSync } from "node:fs"
import { assert, it } from "@effect/vitest"
import { presets } from "../../src/image/presets.ts"
import { transformsAsJson } from "../../stages/transform-list.ts"
import { blocksOf } from "./blocks.ts"

it("the page of transforms prints both presets, with every parameter", () => {
  const page = readFileSync(new URL("../../docs/transforms.md", import.meta.url), "utf8")
  const printed = blocksOf(page)
    .filter(({ info }) => info.startsWith("json "))
    .map(({ info, text }) => [info.split(" ")[1], JSON.parse(text)])
  const { none: _, ...lists } = presets
  assert.deepStrictEqual(
    Object.fromEntries(printed),
    Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, transformsAsJson(list)]))
  )
})

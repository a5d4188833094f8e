/** What `augment.transforms` takes, and how each fault in it is named: by `--set`, by `--config`, in a file. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import { fixture } from "../../pipelines/fixture.ts"
import type { Settings } from "../../pipelines/settings.ts"
import { transformsOf } from "../../pipelines/transforms.ts"
import { resolveSettings } from "../../src/cli/settings/resolve.ts"
import { SettingError } from "../../src/dag/pipeline.ts"

const folder = mkdtempSync(join(tmpdir(), "dermograph-transforms-"))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const read = (given: Parameters<typeof resolveSettings>[1]) => {
  const resolved = resolveSettings(fixture, given)
  if (Result.isFailure(resolved)) return assert.fail(resolved.failure.message)
  return transformsOf(resolved.success.decoded as Settings)
}
const bySet = (value: string) => read({ set: [`augment.transforms=${value}`] })
const byConfig = (transforms: unknown) =>
  read({ set: [], file: { path: "settings.json", settings: { augment: { transforms } } } })

const refusal = (reading: () => unknown): string => {
  try {
    reading()
  } catch (error) {
    assert.instanceOf(error, SettingError)
    return error.message
  }
  return assert.fail("it was taken")
}

const faulty: ReadonlyArray<readonly [unknown, RegExp]> = [
  [
    [{ _tag: "VertcalFlip" }],
    /^augment\.transforms\.0\._tag: there is no transform VertcalFlip; did you mean VerticalFlip\?\n {2}mend: the transforms: Transpose, .*OneOf, SomeOf, Compose/u
  ],
  [[{ _tag: "Flip" }, { _tag: "Flip", p: 3 }], /^augment\.transforms\.1\.p: .*1.*3\n {2}mend: parameters of Flip: p/u],
  [
    [{ _tag: "CLAHE", clip_limit: 4 }],
    /^augment\.transforms\.0\.clip_limit: CLAHE has no parameter clip_limit; did you mean clipLimit\?\n {2}mend: parameters of CLAHE: clipLimit, tileGridSize, p/u
  ],
  [
    [{ _tag: "OneOf", transforms: [{ _tag: "Flip" }, { _tag: "Flp" }] }],
    /^augment\.transforms\.0\.transforms\.1\._tag: there is no transform Flp; did you mean Flip\?/u
  ],
  [[{ _tag: "SomeOf", transforms: [] }], /^augment\.transforms\.0\.n: .*\n {2}mend: parameters of SomeOf: .*n/u],
  [[{ _tag: "OneOf", transforms: { _tag: "Flip" } }], /^augment\.transforms\.0\.transforms: .* is no list/u],
  [[{ p: 0.5 }], /^augment\.transforms\.0: it has no _tag/u],
  [["Flip"], /^augment\.transforms\.0: "Flip" is no transform/u],
  [{ _tag: "VerticalFlip" }, /^augment\.transforms: \{"_tag":"VerticalFlip"\} is no list of transforms/u]
]

describe("faults of augment.transforms", () => {
  it.each(faulty)("%j: the place, the name, what is known", (list, said) => {
    for (const message of [refusal(() => bySet(JSON.stringify(list))), refusal(() => byConfig(list))]) {
      assert.match(message, said)
      assert.isBelow(message.length, 600)
    }
  })

  it("text that begins like a list is no path", () => {
    assert.match(
      refusal(() => bySet('[{"_tag":"Flip"}')),
      /^augment\.transforms: it is no JSON: .*position 16/u
    )
  })

  it("a preset's name is said to be one", () => {
    const message = refusal(() => bySet("siim-winner"))
    assert.include(message, "siim-winner is a preset")
    assert.include(message, "augment.preset=siim-winner")
  })
})

describe("a file as augment.transforms", () => {
  it("holds a list of this project's", () => {
    const list = [{ _tag: "Transpose", p: 0.25 }] as const
    assert.deepStrictEqual(bySet(file("own.json", JSON.stringify(list))), list)
    assert.deepStrictEqual(bySet(file("none.json", "[]")), [])
  })

  it("is named by its path as given, with the place in it", () => {
    const wrong = file("wrong.json", '[{"_tag":"Flip","q":1}]')
    assert.include(
      refusal(() => bySet(wrong)),
      `augment.transforms: ${wrong}: 0.q: Flip has no parameter q`
    )
    const cut = file("cut.json", '[{"_tag":"Flip"}')
    assert.include(
      refusal(() => bySet(cut)),
      `augment.transforms: ${cut} is no JSON: `
    )
    const other = file("other.json", '{"a":1}')
    assert.include(
      refusal(() => bySet(other)),
      `augment.transforms: ${other}: it holds neither a list`
    )
  })
})

/** What is, and what is not, part of a stage's code: edits to a small project, and whose digest they change. */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { CodeIdentity, layer } from "../../src/dag/code-identity.ts"
import type { AnyStage } from "../../src/dag/stage.ts"
import { temporaryFolder } from "./harness.ts"

const files: Record<string, string> = {
  "package-lock.json": JSON.stringify({
    packages: {
      "": {},
      "node_modules/outer": { version: "1.0.0", integrity: "sha512-outer", dependencies: { inner: "^1.0.0" } },
      "node_modules/inner": { version: "1.0.0", integrity: "sha512-inner" },
      "node_modules/other": { version: "1.0.0", integrity: "sha512-other" }
    }
  }),
  "stages/first-stage.ts": `import { a } from "../src/a.ts"
import outer from "outer"
import table from "../src/table.json"
import type { Shape } from "../src/shape.ts"
export const firstStage = { run: (shape: Shape) => [a(shape), outer, table.rows] }
export const helperOfNobody = 1
`,
  "stages/second-stage.ts": `import { d } from "../src/d.ts"
import { other } from "other/deep/module"
export const secondStage = { run: () => [d, other] }
`,
  "src/a.ts": `import { b } from "./b.ts"\nexport const a = (x: unknown) => b(x)\nexport const unused = 1\n`,
  "src/b.ts": `import { c } from "./c.ts"\nexport const b = (x: unknown) => c(x)\n`,
  "src/c.ts": `export const c = (x: unknown) => [x, 1]\n`,
  "src/d.ts": `export const d = 4\n`,
  "src/shape.ts": `export interface Shape { readonly side: number }\n`,
  "src/table.json": `{ "rows": 1 }`
}

const writeProject = (root: string, changes: Record<string, string> = {}): void => {
  for (const [path, text] of Object.entries({ ...files, ...changes })) {
    mkdirSync(join(root, path, ".."), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

const identities = (root: string) =>
  Effect.gen(function* () {
    const code = yield* CodeIdentity
    const of = (name: string) =>
      code.of({ name, module: pathToFileURL(join(root, "stages", `${name}.ts`)).href } as AnyStage)
    return { first: yield* of("first-stage"), second: yield* of("second-stage") }
  }).pipe(Effect.provide(layer(root)))

/** Which of the two stages' identities (code or packages) an edit changes. */
const changedBy = (changes: Record<string, string>) =>
  Effect.gen(function* () {
    const [before, after] = [temporaryFolder(), temporaryFolder()]
    writeProject(before.path)
    writeProject(after.path, changes)
    const was = yield* identities(before.path)
    const is = yield* identities(after.path)
    before.remove()
    after.remove()
    const same = (a: typeof was.first, b: typeof was.first) =>
      a.code === b.code && JSON.stringify(a.packages) === JSON.stringify(b.packages)
    return [same(was.first, is.first) ? [] : ["first"], same(was.second, is.second) ? [] : ["second"]].flat()
  })

const edit = (path: string, from: string | RegExp, to: string) => ({ [path]: files[path]!.replace(from, to) })

describe("the identity of a stage's code", () => {
  const cases: ReadonlyArray<readonly [string, Record<string, string>, ReadonlyArray<string>]> = [
    ["another checkout folder", {}, []],
    ["a comment", edit("stages/first-stage.ts", "export", "/** Says more. */\nexport"), []],
    ["formatting", edit("src/c.ts", "[x, 1]", "[\n    x,\n    1\n  ]"), []],
    ["a local name", edit("src/c.ts", /\bx\b/gu, "value"), []],
    ["a type", edit("src/shape.ts", "number", "string"), []],
    ["an export that nobody uses", edit("src/a.ts", "unused = 1", "unused = 2"), []],
    ["an unused export of the stage's own module", edit("stages/first-stage.ts", "Nobody = 1", "Nobody = 2"), []],
    ["a helper three files away", edit("src/c.ts", "1]", "2]"), ["first"]],
    ["an imported JSON file", { "src/table.json": `{ "rows": 2 }` }, ["first"]],
    ["the stage itself", edit("stages/second-stage.ts", "[d, other]", "[other, d]"), ["second"]],
    ["a package it imports", edit("package-lock.json", "sha512-other", "sha512-new"), ["second"]],
    ["a package that its package needs", edit("package-lock.json", "sha512-inner", "sha512-new"), ["first"]]
  ]
  for (const [name, changes, expected] of cases) {
    it.live(`${expected.length === 0 ? "is the same after" : `of ${expected} changes with`} ${name}`, () =>
      Effect.map(changedBy(changes), (changed) => assert.deepStrictEqual(changed, expected))
    )
  }

  it.live("is learned anew after an edit in place, whatever the index knows", () =>
    Effect.gen(function* () {
      const folder = temporaryFolder()
      writeProject(folder.path)
      const was = yield* identities(folder.path)
      const again = yield* identities(folder.path)
      assert.strictEqual(again.first.code, was.first.code)
      writeProject(folder.path, edit("src/c.ts", "1]", "3]"))
      const is = yield* identities(folder.path)
      assert.notStrictEqual(is.first.code, was.first.code)
      assert.notStrictEqual(is.first.files["src/c.ts"], was.first.files["src/c.ts"])
      folder.remove()
    })
  )

  it.live("fails with the file and the fault where a stage cannot be bundled", () =>
    Effect.gen(function* () {
      const folder = temporaryFolder()
      writeProject(folder.path, edit("stages/first-stage.ts", "firstStage", "otherName"))
      const error = yield* Effect.flip(identities(folder.path))
      assert.include(error.message, "stages/first-stage.ts")
      assert.include(error.message, "firstStage")
      folder.remove()
    })
  )
})

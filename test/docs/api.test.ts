/** docs/api is what the docstrings say today. */
import { readdirSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { apiPages } from "../../docs/generate/api.ts"
import { declarationsOf } from "../../docs/generate/declarations.ts"
import { jsonPages } from "../../docs/generate/json.ts"

describe("the API reference", () => {
  it("is what `npm run docs:api` writes", () => {
    for (const [name, pages] of [
      ["api", apiPages()],
      ["json", jsonPages()]
    ] as const) {
      const folder = resolve("docs", name)
      assert.sameMembers(readdirSync(folder), [...pages.keys()])
      for (const [file, text] of pages) {
        assert.strictEqual(readFileSync(join(folder, file), "utf8"), text, `${file}: run npm run docs:api`)
      }
    }
  })

  it("gives every export with its docstring, a class with its hidden base", () => {
    const { doc, declarations } = declarationsOf(
      [
        "/** The module. */",
        'import type * as A from "a";',
        "/**",
        " * First.",
        " * Second.",
        " */",
        "export declare const one: (a: number) => {",
        "    readonly b: string;",
        "};",
        "declare const Two_base: Base;",
        "/** A class. */",
        "export declare class Two extends Two_base {",
        "}",
        "export type one = A.B;",
        "export {};"
      ].join("\n")
    )
    assert.strictEqual(doc, "The module.")
    assert.deepStrictEqual(
      declarations.map(({ name, doc }) => [name, doc]),
      [
        ["one", "First.\nSecond."],
        ["Two", "A class."]
      ]
    )
    assert.include(declarations[0]?.code, "export type one = A.B")
    assert.match(declarations[1]?.code ?? "", /^declare const Two_base: Base;\nexport declare class Two/u)
  })
})

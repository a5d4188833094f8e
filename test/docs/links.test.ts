/** Links of the README and of docs/ lead to files and headings that are there. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { assert, describe, it } from "@effect/vitest"

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name))
]

const anchors = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(/^#+ (.+)$/gmu)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-")
    )
  )

describe("the links of", () => {
  it.each(pages)("%s lead somewhere", (page) => {
    const text = readFileSync(page, "utf8").replace(/^```[\s\S]*?^```$/gmu, "")
    for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/gu)) {
      if (/^https?:/u.test(target)) continue
      const [path = "", anchor] = target.split("#")
      const file = path === "" ? resolve(page) : resolve(dirname(page), path)
      assert.isTrue(existsSync(file), `${page}: ${target}`)
      if (anchor !== undefined) assert.isTrue(anchors(readFileSync(file, "utf8")).has(anchor), `${page}: ${target}`)
    }
  })
})

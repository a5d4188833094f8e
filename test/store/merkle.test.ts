/** The laws of the digests of folders. */
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join, posix } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import { digestOf } from "../../src/store/digest.ts"
import { filesByFolder, foldersOf } from "../../src/store/merkle.ts"
import { readTree } from "../../src/store/tree.ts"
import { temporaryFolder } from "../dag/harness.ts"

type Files = ReadonlyMap<string, string>

const listingOf = (files: Files) =>
  [...files]
    .map(([path, text]) => ({ path, digest: digestOf(text), size: text.length }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))

const digestsOf = (files: Files): Readonly<Record<string, string>> =>
  Object.fromEntries([...foldersOf(listingOf(files))].map(([path, { digest }]) => [path, digest]))

const ownOf = (files: Files) => filesByFolder(foldersOf(listingOf(files)))

const differing = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): ReadonlyArray<string> =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((path) => a[path] !== b[path]).sort()

/** The folders on a file's way to the root. */
const above = (path: string): ReadonlyArray<string> => {
  const folder = posix.dirname(path)
  return folder === "." ? ["."] : [folder, ...above(folder)]
}

const sortedOnce = (paths: ReadonlyArray<string>) => [...new Set(paths)].sort()

// Names that sort before and after the "/" that ends a folder's name; no name is both a file's and a folder's.
const folderName = fc.constantFrom("a", "a-b", "a0", "b", 'q"', "ü")
const fileName = fc.constantFrom("x", "a.txt", "a-", "a b", "z\n")
const path = fc
  .tuple(fc.array(folderName, { maxLength: 3 }), fileName)
  .map(([folders, file]) => [...folders, file].join("/"))
const text = fc.constantFrom("1", "2", "11")
const files = fc.uniqueArray(fc.tuple(path, text), { selector: ([name]) => name, maxLength: 12 })

/** An edit of one file, and the paths that it concerns. */
const edited = (before: Files, at: number, to: string, kind: "add" | "remove" | "rename" | "change") => {
  const after = new Map(before)
  const [name, content] = [...before][at % before.size]!
  if (kind === "change") return { after: after.set(name, `${content}0`), paths: [name] }
  if (kind !== "remove" && before.has(to)) return undefined
  if (kind === "add") return { after: after.set(to, "new"), paths: [to] }
  after.delete(name)
  if (kind === "remove") return { after, paths: [name] }
  return { after: after.set(to, content), paths: [name, to] }
}

describe("digests of folders", () => {
  for (const kind of ["add", "remove", "rename", "change"] as const) {
    it(`a file's ${kind} alters exactly those on its way to the root`, () => {
      fc.assert(
        fc.property(files, fc.nat(), path, (entries, at, to) => {
          fc.pre(entries.length > 0)
          const before = new Map(entries)
          const edit = edited(before, at, to, kind)
          fc.pre(edit !== undefined)
          const { after, paths } = edit!
          assert.deepStrictEqual(differing(digestsOf(before), digestsOf(after)), sortedOnce(paths.flatMap(above)))
          assert.deepStrictEqual(differing(ownOf(before), ownOf(after)), sortedOnce(paths.map(posix.dirname)))
        }),
        { numRuns: 300 }
      )
    })
  }

  it("a folder's does not hang on where it lies", () => {
    fc.assert(
      fc.property(files, folderName, files, (entries, folder, others) => {
        const moved = entries.map(([name, content]) => [`${folder}/${name}`, content] as const)
        const beside = others.filter(([name]) => !name.startsWith(`${folder}/`))
        const whole = digestsOf(new Map([...beside, ...moved]))
        if (entries.length > 0) assert.strictEqual(whole[folder], digestsOf(new Map(entries))["."])
        else assert.isUndefined(whole[folder])
      })
    )
  })

  it.live("neither does it on the order in which files were made", () =>
    Effect.gen(function* () {
      const folder = temporaryFolder()
      const paths = ["a/x", "a-b/x", "a/c/y", "z", "a0/x", "b/c/d/x"]
      const made = Effect.fnUntraced(function* (name: string, order: ReadonlyArray<string>) {
        for (const file of order) {
          mkdirSync(join(folder.path, name, dirname(file)), { recursive: true })
          writeFileSync(join(folder.path, name, file), file)
        }
        return yield* readTree(join(folder.path, "store"), name, join(folder.path, name))
      })
      const one = yield* made("one", paths)
      const other = yield* made("other", paths.toReversed())
      assert.deepStrictEqual(one.folders, other.folders)
      assert.deepStrictEqual(one.files, other.files)
      assert.deepStrictEqual([...one.folders.keys()].sort(), [".", "a", "a-b", "a/c", "a0", "b", "b/c", "b/c/d"])
      folder.remove()
    })
  )
})

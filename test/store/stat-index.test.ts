import { mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readTree } from "../../src/store/tree.ts"
import { temporaryFolder } from "../dag/harness.ts"

const past = new Date(Date.now() - 60_000)

const write = (path: string, text: string, when: Date | undefined = past): void => {
  mkdirSync(join(path, ".."), { recursive: true })
  writeFileSync(path, text)
  if (when !== undefined) utimesSync(path, when, when)
}

const test = (name: string, body: (data: string, store: string) => Effect.Effect<void, unknown>) =>
  it.live(name, () => {
    const folder = temporaryFolder()
    return body(join(folder.path, "data"), join(folder.path, "store")).pipe(Effect.ensuring(Effect.sync(folder.remove)))
  })

describe("the digest of a folder", () => {
  test("names every file by its path and bytes, in order of path", (data, store) =>
    Effect.gen(function* () {
      write(join(data, "b", "z.txt"), "1")
      write(join(data, "a.txt"), "2")
      write(join(data, ".hidden"), "3")
      symlinkSync(join(data, "a.txt"), join(data, "c.txt"))
      const tree = yield* readTree(store, "data", data)
      assert.deepStrictEqual(
        tree.files.map((file) => [file.path, file.size]),
        [
          ["a.txt", 1],
          ["b/z.txt", 1],
          ["c.txt", 1]
        ]
      )
    }))

  test("does not hang on where the folder lies", (data, store) =>
    Effect.gen(function* () {
      write(join(data, "one", "a.txt"), "1")
      write(join(data, "two", "a.txt"), "1")
      const [one, two] = [
        yield* readTree(store, "x", join(data, "one")),
        yield* readTree(store, "x", join(data, "two"))
      ]
      assert.strictEqual(one.digest, two.digest)
    }))

  for (const [change, edit] of [
    ["other bytes of the same length", (data: string) => write(join(data, "a.txt"), "9")],
    ["another name", (data: string) => write(join(data, "b.txt"), "1")],
    ["one more file", (data: string) => write(join(data, "c", "a.txt"), "1")]
  ] as const) {
    test(`changes with ${change}`, (data, store) =>
      Effect.gen(function* () {
        write(join(data, "a.txt"), "1")
        const before = yield* readTree(store, "data", data)
        edit(data)
        assert.notStrictEqual((yield* readTree(store, "data", data)).digest, before.digest)
      }))
  }

  test("is an error that names the setting and the path where there is no such folder", (data, store) =>
    Effect.map(Effect.flip(readTree(store, "data.real", data)), (error) => {
      assert.strictEqual(error._tag, "SourceMissing")
      assert.include(error.message, "data.real")
      assert.include(error.message, data)
    }))
})

describe("the stat index", () => {
  test("trusts no file that was changed within the clock's resolution of its hashing", (data, store) =>
    Effect.gen(function* () {
      write(join(data, "a.txt"), "1", undefined)
      assert.strictEqual((yield* readTree(store, "data", data)).read, 1)
      assert.strictEqual((yield* readTree(store, "data", data)).read, 1)
    }))

  test("reads a settled file once, and again when only its ctime tells of a change or the index is lost", (data, store) =>
    Effect.gen(function* () {
      write(join(data, "a.txt"), "1")
      // The clock's resolution that is allowed for.
      yield* Effect.sleep("2100 millis")
      const before = yield* readTree(store, "data", data)
      const again = yield* readTree(store, "data", data)
      assert.deepStrictEqual([before.read, again.read, again.digest], [1, 0, before.digest])
      for (const file of readdirSync(join(store, "index"))) writeFileSync(join(store, "index", file), "{")
      const anew = yield* readTree(store, "data", data)
      assert.deepStrictEqual([anew.read, anew.digest], [1, before.digest])
      assert.strictEqual((yield* readTree(store, "data", data)).read, 0)
      write(join(data, "a.txt"), "2")
      assert.notStrictEqual((yield* readTree(store, "data", data)).digest, before.digest)
    }))
})

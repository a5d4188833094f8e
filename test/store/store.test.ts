import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Schema } from "effect"
import { canonicalJson, digestOf } from "../../src/store/digest.ts"
import { makeDocuments } from "../../src/store/documents.ts"
import { writeAtomic } from "../../src/store/files.ts"
import { openStore, type Store } from "../../src/store/store.ts"
import { temporaryFolder } from "../dag/harness.ts"

const test = (name: string, body: (store: typeof Store.Service) => Effect.Effect<void, unknown>) =>
  it.live(name, () => {
    const folder = temporaryFolder()
    return openStore(folder.path).pipe(Effect.flatMap(body), Effect.ensuring(Effect.sync(folder.remove)))
  })

const hello = Buffer.from("hello")

describe("blobs", () => {
  test("are read back by the digest of their bytes", (store) =>
    Effect.gen(function* () {
      const digest = yield* store.blobs.write(hello)
      assert.strictEqual(digest, digestOf("hello"))
      assert.deepStrictEqual(Buffer.from(yield* store.blobs.read(digest)), hello)
    }))

  for (const [fault, text] of [
    ["a flipped bit", "hellp"],
    ["a cut", "hell"],
    ["nothing in it", ""]
  ] as const) {
    test(`with ${fault} are an error when read, and moved aside`, (store) =>
      Effect.gen(function* () {
        const digest = yield* store.blobs.write(hello)
        writeFileSync(store.blobs.pathOf(digest), text)
        assert.strictEqual((yield* Effect.flip(store.blobs.read(digest)))._tag, "DamagedBlob")
        assert.isFalse(existsSync(store.blobs.pathOf(digest)))
        assert.strictEqual(readdirSync(join(store.root, "damaged")).length, 1)
        yield* store.blobs.write(hello)
        yield* store.blobs.verify(digest)
      }))
  }
})

test("a blob that is written again where an altered one of its size lies is whole", (store) =>
  Effect.gen(function* () {
    const digest = yield* store.blobs.write(hello)
    writeFileSync(store.blobs.pathOf(digest), "hellp")
    yield* store.blobs.write(hello)
    yield* store.blobs.verify(digest)
  }))

describe("writing", () => {
  test("leaves the old file and no draft where it fails", (store) =>
    Effect.gen(function* () {
      const path = join(store.root, "taken")
      yield* writeAtomic(join(path, "inner"), "folder", join(store.root, "tmp"))
      const error = yield* Effect.flip(writeAtomic(path, "file", join(store.root, "tmp")))
      assert.include(error.message, path)
      assert.deepStrictEqual(readdirSync(join(store.root, "tmp")), [])
      assert.strictEqual(readFileSync(join(path, "inner"), "utf8"), "folder")
    }))

  it.live("to a folder that is no folder is an error that says what to do", () =>
    Effect.gen(function* () {
      const folder = temporaryFolder()
      writeFileSync(join(folder.path, "file"), "")
      const error = yield* Effect.flip(openStore(join(folder.path, "file")))
      assert.match(error.message, /mend: .*--store/u)
      folder.remove()
    })
  )

  it.live("to a store of a newer program is refused", () =>
    Effect.gen(function* () {
      const folder = temporaryFolder()
      writeFileSync(join(folder.path, "format"), "2\n")
      assert.strictEqual((yield* Effect.flip(openStore(folder.path)))._tag, "StoreVersionError")
      folder.remove()
    })
  )

  it.live.skipIf(process.getuid?.() === 0)("to a folder without the right to is an error that says so", () =>
    Effect.gen(function* () {
      const folder = temporaryFolder()
      chmodSync(folder.path, 0o500)
      assert.match((yield* Effect.flip(openStore(join(folder.path, "store")))).message, /right to write/u)
      folder.remove()
    })
  )
})

describe("checkpoints", () => {
  test("are found whole or not at all", (store) =>
    Effect.gen(function* () {
      const name = "c".repeat(64)
      assert.isTrue(Option.isNone(yield* store.checkpoints.load(name)))
      yield* store.checkpoints.save(name, hello)
      assert.deepStrictEqual(Buffer.from(Option.getOrThrow(yield* store.checkpoints.load(name))), hello)
      const path = join(store.root, "checkpoints", name)
      writeFileSync(path, readFileSync(path).subarray(0, 66))
      assert.isTrue(Option.isNone(yield* store.checkpoints.load(name)))
    }))
})

describe("documents", () => {
  test("that do not decode count as absent and are moved aside", (store) =>
    Effect.gen(function* () {
      const documents = makeDocuments(store.root, "numbers", Schema.Struct({ n: Schema.Int }))
      yield* documents.write("a", { n: 1 })
      assert.deepStrictEqual(yield* documents.read("a"), { n: 1 })
      writeFileSync(documents.pathOf("a"), `{"n":"one"}`)
      assert.isUndefined(yield* documents.read("a"))
      assert.isFalse(existsSync(documents.pathOf("a")))
    }))
})

describe("canonical JSON", () => {
  it("sorts keys, so equal values have equal bytes", () =>
    assert.strictEqual(canonicalJson({ b: 1, a: [{ d: 2, c: 3 }] }), canonicalJson({ a: [{ c: 3, d: 2 }], b: 1 })))
  it.prop("is the same JSON value", [Schema.Json], ([value]) => {
    const text = JSON.stringify(value)
    // RFC 8785 has no form for text that is not Unicode (JSON.stringify escapes its lone surrogates).
    if (/\\ud[89a-f]/u.test(text)) return
    assert.deepStrictEqual(JSON.parse(canonicalJson(value)), JSON.parse(text))
  })
})

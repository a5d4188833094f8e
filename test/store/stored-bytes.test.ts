/** Outputs that nobody holds: written piece by piece, adopted as blobs, read where they lie. */
import { existsSync, readdirSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import fc from "fast-check"
import { digestOf } from "../../src/store/digest.ts"
import { openStore, type Store } from "../../src/store/store.ts"
import { inMemory, isDraft, readAll, writeDraft } from "../../src/store/stored-bytes.ts"
import { temporaryFolder } from "../dag/harness.ts"

const test = (name: string, body: (store: typeof Store.Service) => Effect.Effect<void, unknown>) =>
  it.live(name, () => {
    const folder = temporaryFolder()
    return openStore(folder.path).pipe(Effect.flatMap(body), Effect.ensuring(Effect.sync(folder.remove)))
  })

const draftOf = (store: typeof Store.Service, ...pieces: ReadonlyArray<string>) =>
  writeDraft(join(store.root, "tmp"), Stream.fromIterable(pieces.map((piece) => Buffer.from(piece))))

const drafts = (store: typeof Store.Service) => readdirSync(join(store.root, "tmp"))

describe("a file that is written piece by piece", () => {
  test("has the digest of the whole, and becomes the blob that writing the whole would make", (store) =>
    Effect.gen(function* () {
      const digest = yield* Effect.scoped(
        Effect.gen(function* () {
          const draft = yield* draftOf(store, "hel", "", "lo")
          assert.isTrue(isDraft(draft))
          assert.strictEqual(draft.size, 5)
          assert.strictEqual(Buffer.from(readAll(draft)).toString(), "hello")
          return yield* store.blobs.adopt(draft)
        })
      )
      assert.strictEqual(digest, digestOf("hello"))
      assert.strictEqual(Buffer.from(yield* store.blobs.read(digest)).toString(), "hello")
      assert.deepStrictEqual(drafts(store), [])
    }))

  test("is gone where it was not adopted, where a piece fails, and where the blob is there already", (store) =>
    Effect.gen(function* () {
      yield* Effect.scoped(draftOf(store, "hello"))
      assert.deepStrictEqual(drafts(store), [])
      const failing = Stream.concat(Stream.succeed(Buffer.from("hel")), Stream.fail("torn"))
      assert.strictEqual(yield* Effect.flip(Effect.scoped(writeDraft(join(store.root, "tmp"), failing))), "torn")
      assert.deepStrictEqual(drafts(store), [])
      const digest = yield* store.blobs.write(Buffer.from("hello"))
      yield* Effect.scoped(Effect.flatMap(draftOf(store, "hello"), store.blobs.adopt))
      assert.deepStrictEqual(drafts(store), [])
      yield* store.blobs.verify(digest)
    }))

  test("replaces an altered blob of its size", (store) =>
    Effect.gen(function* () {
      const digest = yield* store.blobs.write(Buffer.from("hello"))
      writeFileSync(store.blobs.pathOf(digest), "hellp")
      yield* Effect.scoped(Effect.flatMap(draftOf(store, "hello"), store.blobs.adopt))
      yield* store.blobs.verify(digest)
    }))
})

describe("a blob that is read where it lies", () => {
  test("gives the bytes of any range", (store) =>
    Effect.gen(function* () {
      const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) % 251)
      const digest = yield* store.blobs.write(bytes)
      yield* Effect.scoped(
        Effect.gen(function* () {
          const opened = yield* store.blobs.open(digest)
          for (const source of [opened, inMemory(bytes)]) {
            assert.strictEqual(source.size, 1000)
            fc.assert(
              fc.property(fc.nat({ max: 1000 }), fc.nat({ max: 1000 }), (a, b) => {
                const into = new Uint8Array(Math.abs(a - b))
                source.read(Math.min(a, b), into)
                assert.deepStrictEqual(into, bytes.slice(Math.min(a, b), Math.max(a, b)))
              })
            )
            assert.throws(() => source.read(999, new Uint8Array(2)), RangeError)
            assert.throws(() => source.read(-1, new Uint8Array(2)), RangeError)
          }
        })
      )
    }))

  test("is verified first; one that is cut short under the reader is an error, not zeros", (store) =>
    Effect.gen(function* () {
      const digest = yield* store.blobs.write(Buffer.from("hello"))
      yield* Effect.scoped(
        Effect.gen(function* () {
          const opened = yield* store.blobs.open(digest)
          truncateSync(store.blobs.pathOf(digest), 3)
          assert.throws(() => opened.read(0, new Uint8Array(5)), RangeError)
        })
      )
      const damaged = yield* Effect.flip(Effect.scoped(store.blobs.open(digest)))
      assert.strictEqual(damaged._tag, "DamagedBlob")
      assert.isFalse(existsSync(store.blobs.pathOf(digest)))
      const missing = yield* Effect.flip(Effect.scoped(store.blobs.open(digestOf("nothing"))))
      assert.strictEqual(missing._tag, "DamagedBlob")
    }))
})

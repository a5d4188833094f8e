import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { makeBlobs } from "../../src/store/blobs.ts"
import { digestOf } from "../../src/store/digest.ts"
import { makeDraft, openLarge } from "../../src/store/large.ts"
import { temporaryFolder } from "../dag/harness.ts"

const test = (title: string, body: (folder: string) => Effect.Effect<void, unknown>) =>
  it.live(title, () => {
    const folder = temporaryFolder()
    return body(folder.path).pipe(Effect.ensuring(Effect.sync(folder.remove)))
  })

describe("a large file", () => {
  test("written in pieces is a blob like any other, and is read by position", (folder) =>
    Effect.gen(function* () {
      const blobs = makeBlobs(folder)
      const draft = makeDraft(join(folder, "tmp"))
      const whole = Uint8Array.from({ length: 3000 }, (_, i) => i % 251)
      for (const [from, to] of [
        [0, 1],
        [1, 1000],
        [1000, 3000]
      ]) {
        yield* draft.write(whole.subarray(from, to))
      }
      const { digest, size } = yield* draft.finish(blobs.pathOf)
      yield* draft.discard
      assert.deepStrictEqual([digest, size], [digestOf(whole), 3000])
      assert.deepStrictEqual(new Uint8Array(yield* blobs.read(digest)), whole)
      const file = openLarge(blobs.pathOf(digest), size)
      const part = new Uint8Array(700)
      file.read(2300, part)
      assert.deepStrictEqual(part, whole.subarray(2300))
      assert.throws(() => file.read(2301, part), RangeError)
      file.close()
      assert.deepStrictEqual(readdirSync(join(folder, "tmp")), [])
    }))

  test("that is not finished leaves nothing behind", (folder) =>
    Effect.gen(function* () {
      const draft = makeDraft(join(folder, "tmp"))
      yield* draft.write(Uint8Array.of(1, 2, 3))
      yield* draft.discard
      assert.deepStrictEqual(readdirSync(join(folder, "tmp")), [])
      yield* makeDraft(join(folder, "never")).discard
      assert.isFalse(existsSync(join(folder, "never")))
    }))
})

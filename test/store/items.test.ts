import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Schema } from "effect"
import { openItems } from "../../src/store/items.ts"
import { temporaryFolder } from "../dag/harness.ts"

const test = (name: string, body: (root: string) => Effect.Effect<void, unknown>) =>
  it.live(name, () => {
    const folder = temporaryFolder()
    return body(folder.path).pipe(Effect.ensuring(Effect.sync(folder.remove)))
  })

const write = (root: string, recipe: string, items: Readonly<Record<string, string>>) =>
  Effect.gen(function* () {
    const store = yield* openItems(root, recipe)
    for (const [key, text] of Object.entries(items)) yield* store.put(key, Buffer.from(text))
    yield* store.flush
    yield* store.close
  })

const read = (root: string, recipe: string, key: string) =>
  Effect.gen(function* () {
    const store = yield* openItems(root, recipe)
    const found = yield* store.get(key)
    yield* store.close
    return Option.getOrUndefined(Option.map(found, (bytes) => Buffer.from(bytes).toString()))
  })

const segments = (root: string, recipe: string) => readdirSync(join(root, "items", recipe))

describe("items", () => {
  test("are found by key, many to a file", (root) =>
    Effect.gen(function* () {
      const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`key ${n}`, `value ${n}`]))
      yield* write(root, "r", many)
      yield* write(root, "r", { later: "one more" })
      assert.strictEqual(segments(root, "r").length, 2)
      assert.strictEqual(yield* read(root, "r", "key 321"), "value 321")
      assert.strictEqual(yield* read(root, "r", "later"), "one more")
      assert.isUndefined(yield* read(root, "r", "never"))
    }))

  test("of another recipe are not seen", (root) =>
    Effect.gen(function* () {
      yield* write(root, "old code", { key: "value" })
      assert.isUndefined(yield* read(root, "new code", "key"))
    }))

  for (const [damage, harm] of [
    ["cut short", (path: string) => truncateSync(path, readFileSync(path).length - 1)],
    ["with a broken header", (path: string) => writeFileSync(path, "xxxxxxxxxxxxxxxx")],
    ["emptied", (path: string) => truncateSync(path, 0)]
  ] as const) {
    test(`in a segment ${damage} count as absent, and the segment is moved aside`, (root) =>
      Effect.gen(function* () {
        yield* write(root, "r", { key: "value" })
        harm(join(root, "items", "r", segments(root, "r")[0]!))
        assert.isUndefined(yield* read(root, "r", "key"))
        assert.deepStrictEqual(segments(root, "r"), [])
      }))
  }

  test("with a flipped bit count as absent", (root) =>
    Effect.gen(function* () {
      yield* write(root, "r", { key: "value", other: "fine" })
      const path = join(root, "items", "r", segments(root, "r")[0]!)
      const bytes = readFileSync(path)
      bytes[bytes.indexOf("value")]! ^= 1
      writeFileSync(path, bytes)
      assert.isUndefined(yield* read(root, "r", "key"))
      assert.strictEqual(yield* read(root, "r", "other"), "fine")
    }))
})

it.effect.prop("any items come back as they were put", [Schema.Record(Schema.String, Schema.Uint8Array)], ([items]) =>
  Effect.gen(function* () {
    const folder = temporaryFolder()
    const store = yield* openItems(folder.path, "r")
    const entries = Object.entries(items).filter(([key]) => key.isWellFormed())
    for (const [key, bytes] of entries) yield* store.put(key, bytes)
    yield* store.flush
    yield* store.close
    const again = yield* openItems(folder.path, "r")
    for (const [key, bytes] of entries) {
      assert.deepStrictEqual(
        Option.map(yield* again.get(key), (found) => [...found]),
        Option.some([...bytes])
      )
    }
    yield* again.close
    folder.remove()
  })
)

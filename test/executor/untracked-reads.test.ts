/** A stage that reads files which its key does not know of is found out, by the name of each file. */
import { mkdirSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as CodeIdentity from "../../src/dag/code-identity.ts"
import { type Event, Events } from "../../src/dag/events.ts"
import { run } from "../../src/dag/run.ts"
import { Sources } from "../../src/dag/sources.ts"
import { layer as childProcess } from "../../src/executor/child-process.ts"
import { Store } from "../../src/store/store.ts"
import { temporaryFolder } from "../dag/harness.ts"
import { peek } from "../fixtures/executor/peek.ts"

const root = resolve(import.meta.dirname, "../..")

const undeclaredReads = (behind: boolean) =>
  Effect.gen(function* () {
    const folder = temporaryFolder()
    const [words, secret] = [join(folder.path, "words"), join(folder.path, "secret")]
    for (const place of [words, secret]) mkdirSync(place)
    writeFileSync(join(words, "a.txt"), "declared")
    for (const name of ["sync", "promise", "opened"]) writeFileSync(join(secret, `${name}.txt`), name)
    const events: Array<Event> = []
    const services = Layer.mergeAll(
      Sources.layer,
      childProcess,
      CodeIdentity.layer(root),
      Events.layer((event) => void events.push(event))
    ).pipe(Layer.provideMerge(Store.layer(join(folder.path, "store"))))
    const node = peek.node({ params: { folder: words, secret, behind }, inputs: {} })
    const result = yield* run({ name: "test" }, { targets: [node] }, { run: "r", concurrency: 1 }).pipe(
      Effect.provide(services)
    )
    folder.remove()
    assert.deepStrictEqual([result.executed, result.failed], [["peek"], []])
    const found = events.filter((event) => event._tag === "NodeUndeclaredRead")
    return {
      node: found[0]?.node,
      names: found.flatMap((event) => event.paths.map((path) => path.slice(secret.length)))
    }
  })

describe("undeclared reads", () => {
  it.live("are told with the node and each path; what was only written is not", () =>
    Effect.map(undeclaredReads(true), ({ node, names }) => {
      assert.strictEqual(node, "peek")
      assert.deepStrictEqual(names, ["", "/opened.txt", "/promise.txt", "/sync.txt"])
    })
  )

  it.live("are none where a stage reads its declared sources, its store and its packages only", () =>
    Effect.map(undeclaredReads(false), ({ names }) => assert.deepStrictEqual(names, []))
  )
})

/** When stored bytes are verified, and what each choice sees of a harm. */
import { rmSync, utimesSync, writeFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import type { Verification } from "../../src/dag/verification.ts"
import { Executor, type Job } from "../../src/executor/executor.ts"
import { perform } from "../../src/executor/perform.ts"
import { constant, round, show } from "./arithmetic.ts"
import { reasonsOf, runIn, storeOf, temporaryFolder, type World, world } from "./harness.ts"

/** Two readers of one output: those that `labels` name. */
const readers = (...labels: ReadonlyArray<string>) => {
  const value = round.node({
    params: { digits: 1 },
    inputs: { value: constant.node({ params: { value: 1.23 }, inputs: {} }) }
  })
  return labels.map((label) => show.node({ label, params: { label: `${label} ` }, inputs: { value } }))
}

const test = (name: string, body: (w: World) => Effect.Effect<void, unknown>) =>
  it.live(name, () => {
    const folder = temporaryFolder()
    return body(world(folder.path)).pipe(Effect.ensuring(Effect.sync(folder.remove)))
  })

/** Makes what the readers read, and says where it lies. */
const made = Effect.fnUntraced(function* (w: World) {
  const { outputs } = yield* runIn(w, readers("first"))
  const store = yield* storeOf(w)
  return { store, path: store.blobs.pathOf(outputs.get("round")!.digest) }
})

/** Performs jobs in this process; the moments before and after one are those of a harm. */
const around = (moments: { readonly before?: (job: Job) => void; readonly after?: (job: Job) => void }) =>
  Layer.succeed(Executor, {
    execute: (stage, job, emit) =>
      Effect.suspend(() => {
        moments.before?.(job)
        return Effect.tap(perform(stage, job, emit), () => Effect.sync(() => moments.after?.(job)))
      })
  })

const shown = Effect.fnUntraced(function* (w: World, digest: string) {
  return JSON.parse(Buffer.from(yield* (yield* storeOf(w)).blobs.read(digest)).toString())
})

describe("bytes of a stored output", () => {
  for (const [verify, remade, text] of [
    ["once", ["round", "show:second"], "second 1.2"],
    ["always", ["round", "show:second"], "second 1.2"],
    // The price of the switch: a harm that keeps the size is not seen.
    ["never", ["show:second"], "second 9.9"]
  ] as const) {
    test(`harmed before a run that verifies ${verify}: ${remade.join(", ")} are made`, (w) =>
      Effect.gen(function* () {
        writeFileSync((yield* made(w)).path, "9.9")
        const { executed, outputs } = yield* runIn(w, readers("second"), { verify })
        assert.deepStrictEqual(executed, [...remade])
        assert.strictEqual(yield* shown(w, outputs.get("show:second")!.digest), text)
      }))
  }

  for (const [harm, reason, damage] of [
    ["cut short", "OutputAltered", (path: string) => writeFileSync(path, "1")],
    ["removed", "OutputMissing", (path: string) => rmSync(path)]
  ] as const) {
    test(`${harm} are made anew even where nothing is verified`, (w) =>
      Effect.gen(function* () {
        const { store, path } = yield* made(w)
        damage(path)
        const { executed } = yield* runIn(w, readers("second"), { verify: "never" })
        assert.deepStrictEqual([executed, reasonsOf(w, "round")], [["round", "show:second"], [reason]])
        yield* store.blobs.verify(path.split("/").at(-1)!)
      }))
  }

  test("changed between two readers of one run are verified again, and made anew", (w) =>
    Effect.gen(function* () {
      const { path } = yield* made(w)
      const ended: Array<string> = []
      const executor = around({
        after: ({ node }) => {
          if (ended.length === 0) writeFileSync(path, "9.9")
          ended.push(node)
        }
      })
      const { executed, outputs } = yield* runIn(w, readers("second", "third"), { concurrency: 1, executor })
      assert.deepStrictEqual(executed, ["round", "show:second", "show:third"])
      assert.strictEqual(ended.length, 3)
      for (const label of ["second", "third"]) {
        assert.strictEqual(yield* shown(w, outputs.get(`show:${label}`)!.digest), `${label} 1.2`)
      }
    }))

  for (const verify of ["once", "always", "never"] as const) {
    test(`changed between the run's look and the stage's are an error, never a wrong result (${verify})`, (w) =>
      Effect.gen(function* () {
        const { path } = yield* made(w)
        const executor = around({ before: () => writeFileSync(path, "9.9") })
        const harmed = yield* runIn(w, readers("second"), { verify, executor })
        assert.deepStrictEqual(
          harmed.failed.map(({ node }) => node),
          ["show:second"]
        )
        assert.include(harmed.failed[0]!.message, path.split("/").at(-1)!.slice(0, 8))
        const { outputs } = yield* runIn(w, readers("second"), { verify })
        assert.strictEqual(yield* shown(w, outputs.get("show:second")!.digest), "second 1.2")
      }))
  }

  test("that were only touched are hashed again, and used", (w) =>
    Effect.gen(function* () {
      const { path } = yield* made(w)
      const executor = around({ before: () => utimesSync(path, 1, 1) })
      const { executed } = yield* runIn(w, readers("second", "third"), { concurrency: 1, executor })
      assert.deepStrictEqual(executed, ["show:second", "show:third"])
    }))

  test("are hashed by the stage that reads them only where that is asked for", (w) =>
    Effect.gen(function* () {
      const asked = Effect.fnUntraced(function* (label: string, verify?: Verification) {
        const trusted: Array<string> = []
        const executor = around({ before: (job) => void trusted.push(...Object.keys(job.trusted)) })
        yield* runIn(w, readers(label), { executor, ...(verify === undefined ? {} : { verify }) })
        return trusted
      })
      const { path } = yield* made(w)
      const input = path.split("/").at(-1)
      assert.deepStrictEqual(yield* asked("default"), [input])
      assert.deepStrictEqual(yield* asked("once", "once"), [input])
      assert.deepStrictEqual(yield* asked("always", "always"), [])
      assert.deepStrictEqual(yield* asked("never", "never"), [input])
    }))
})

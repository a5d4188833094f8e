/** One contract for every executor: the same job gives the same output, events and errors, wherever it is done. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { CodeIdentity, layer as codeIdentity } from "../../src/dag/code-identity.ts"
import * as ChildProcess from "../../src/executor/child-process.ts"
import { Executor, type Job, type JobEvent } from "../../src/executor/executor.ts"
import * as InProcess from "../../src/executor/in-process.ts"
import { openStore } from "../../src/store/store.ts"
import { readTree } from "../../src/store/tree.ts"
import { temporaryFolder } from "../dag/harness.ts"
import { count } from "../fixtures/executor/count.ts"

const root = resolve(import.meta.dirname, "../..")

const setUp = (store: string, params: Parameters<typeof count.node>[0]["params"], fresh = false) =>
  Effect.gen(function* () {
    const node = count.node({ params, inputs: {} })
    const identity = yield* (yield* CodeIdentity).of(node.stage)
    const sources: Record<string, { root: string; files: Array<{ path: string; digest: string; size: number }> }> = {}
    for (const [name, path] of Object.entries(node.stage.sources(node.params))) {
      const tree = yield* readTree(store, name, path)
      sources[name] = { root: tree.root, files: [...tree.files] }
    }
    const job: Job = {
      node: node.name,
      bundle: identity.bundle,
      store,
      params: node.stage.encodeParams(node.params),
      inputs: {},
      sources,
      above: [],
      trajectory: "t".repeat(64),
      recipe: "r".repeat(64),
      trusted: {},
      fresh
    }
    const events: Array<JobEvent> = []
    const execute = (yield* Executor).execute(node.stage, job, (event) => Effect.sync(() => void events.push(event)))
    const output = (digest: string) =>
      Effect.flatMap(openStore(store), (s) => s.blobs.read(digest)).pipe(Effect.map(node.output.decode))
    return { execute, events, output }
  }).pipe(Effect.provide(codeIdentity(root)))

const contract = (name: string, executor: Layer.Layer<Executor>, separate: boolean) =>
  describe(`the ${name} executor`, () => {
    const test = (title: string, body: (folder: string) => Effect.Effect<void, unknown, Executor>) =>
      it.live(title, () => {
        const folder = temporaryFolder()
        return body(folder.path).pipe(Effect.provide(executor), Effect.ensuring(Effect.sync(folder.remove)))
      })

    test("does the work, tells of it, and leaves the output in the store", (folder) =>
      Effect.gen(function* () {
        mkdirSync(join(folder, "words"))
        writeFileSync(join(folder, "words", "b.txt"), "world")
        writeFileSync(join(folder, "words", "a.txt"), "hello")
        const job = yield* setUp(join(folder, "store"), { steps: 3, ending: "well", folder: join(folder, "words") })
        const output = yield* job.execute
        assert.deepStrictEqual(yield* job.output(output.digest), { steps: 3, resumedAt: 0, text: "hello world" })
        assert.deepStrictEqual(
          job.events.map((event) => event._tag),
          ["Checkpointed", "Progress", "Checkpointed", "Progress", "Checkpointed", "Progress"]
        )
      }))

    test("gives back the stage's own error, and resumes from its checkpoint after it", (folder) =>
      Effect.gen(function* () {
        const first = yield* setUp(folder, { steps: 4, ending: "refused" })
        const error = yield* Effect.flip(first.execute)
        assert.deepInclude(JSON.parse(JSON.stringify(error)), { _tag: "StageFailed", tag: "Refused" })
        assert.include(error.message, "step 1 was refused")
        const second = yield* setUp(folder, { steps: 4, ending: "well" })
        const output = yield* second.execute
        assert.deepStrictEqual(yield* second.output(output.digest), { steps: 4, resumedAt: 2, text: "" })
        assert.strictEqual(second.events[0]?._tag, "Resumed")
      }))

    test("reads nothing that an earlier attempt left when it is asked to start afresh", (folder) =>
      Effect.gen(function* () {
        yield* Effect.flip((yield* setUp(folder, { steps: 4, ending: "refused" })).execute)
        const second = yield* setUp(folder, { steps: 4, ending: "well" }, true)
        const output = yield* second.execute
        assert.deepStrictEqual(yield* second.output(output.digest), { steps: 4, resumedAt: 0, text: "" })
      }))

    test("turns an error that the stage does not foresee into a failure that names the node and the line", (folder) =>
      Effect.gen(function* () {
        for (const ending of ["defect", "thrown"] as const) {
          const job = yield* setUp(join(folder, ending), { steps: 4, ending })
          const { message } = yield* Effect.flip(job.execute)
          assert.match(message, /^count failed: .*TypeError: nobody foresaw this\n/u)
          // In this process the stage is no bundle, and has its own lines.
          if (separate)
            assert.match(message, /\n {2}at test\/fixtures\/executor\/count\.ts:\d+(, from .*)?\n {2}mend: /u)
        }
      }))

    test("says so when a file has other bytes than the run began with", (folder) =>
      Effect.gen(function* () {
        mkdirSync(join(folder, "words"))
        writeFileSync(join(folder, "words", "a.txt"), "hello")
        const job = yield* setUp(join(folder, "store"), { steps: 1, ending: "well", folder: join(folder, "words") })
        writeFileSync(join(folder, "words", "a.txt"), "other")
        assert.match((yield* Effect.flip(job.execute)).message, /a\.txt: has other contents since this run began/u)
      }))

    test("stops when it is interrupted", (folder) =>
      Effect.gen(function* () {
        const job = yield* setUp(folder, { steps: 200, ending: "well", pause: 50 })
        const fiber = yield* Effect.forkChild(job.execute)
        while (job.events.length < 2) yield* Effect.sleep(20)
        yield* Fiber.interrupt(fiber)
        const seen = job.events.length
        yield* Effect.sleep(200)
        assert.strictEqual(job.events.length, seen)
      }))

    if (separate) {
      test("survives the death of the process that does the work", (folder) =>
        Effect.gen(function* () {
          const first = yield* setUp(folder, { steps: 4, ending: "killed" })
          assert.match((yield* Effect.flip(first.execute)).message, /killed .* last checkpoint/su)
          const second = yield* setUp(folder, { steps: 4, ending: "well" })
          const output = yield* second.execute
          assert.deepStrictEqual(yield* second.output(output.digest), { steps: 4, resumedAt: 2, text: "" })
        }))

      const workers = (): ReadonlyArray<number> =>
        readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8")
          .split(" ")
          .filter((pid) => pid !== "" && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("worker.ts"))
          .map(Number)

      test("starts the next process ahead, does without it where it died, and leaves none behind", (folder) =>
        Effect.gen(function* () {
          yield* Effect.gen(function* () {
            yield* (yield* setUp(join(folder, "one"), { steps: 1, ending: "well" })).execute
            while (workers().length !== 1) yield* Effect.sleep(20)
            process.kill(workers()[0]!, "SIGKILL")
            yield* Effect.sleep(100)
            const job = yield* setUp(join(folder, "two"), { steps: 1, ending: "well" })
            assert.strictEqual((yield* job.output((yield* job.execute).digest)).steps, 1)
          }).pipe(Effect.provide(Layer.fresh(executor)))
          while (workers().length > 0) yield* Effect.sleep(20)
        }))
    }
  })

contract("in-process", InProcess.layer, false)
contract("child-process", ChildProcess.layer, true)

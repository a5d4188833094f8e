import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { assert, beforeEach, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { describe as describeReason } from "../../src/dag/reason.ts"
import type { AnyNode } from "../../src/dag/stage.ts"
import { cite, constant, ledger, round, show, sum } from "./arithmetic.ts"
import { planIn, reasonsOf, runIn, storeOf, temporaryFolder, type World, world } from "./harness.ts"

interface Values {
  readonly a?: number
  readonly digits?: number
  readonly label?: string
  readonly comment?: string
}

const pipeline = ({ a = 1.02, digits = 1, label = "=", comment = "" }: Values = {}): ReadonlyArray<AnyNode> => {
  const first = constant.node({ label: "a", params: { value: a, comment }, inputs: {} })
  const second = constant.node({ label: "b", params: { value: 2 }, inputs: {} })
  const rounded = round.node({ params: { digits }, inputs: { value: first } })
  const total = sum.node({ params: {}, inputs: { terms: { rounded, second }, bonus: undefined } })
  return [show.node({ params: { label }, inputs: { value: total } })]
}

const all = ["constant:a", "round", "constant:b", "sum", "show"]

const test = (name: string, body: (w: World) => Effect.Effect<void, unknown>) =>
  it.live(name, () => {
    const folder = temporaryFolder()
    return body(world(folder.path)).pipe(Effect.ensuring(Effect.sync(folder.remove)))
  })

const blobPath = (w: World, digest: string) => storeOf(w).pipe(Effect.map((store) => store.blobs.pathOf(digest)))

beforeEach(() => {
  ledger.ran.length = 0
  ledger.forbidden.clear()
})

describe("a run", () => {
  test("executes every node once, then none: a hit runs nothing", (w) =>
    Effect.gen(function* () {
      const first = yield* runIn(w, pipeline())
      assert.deepStrictEqual(first.executed, all)
      for (const stage of ["constant", "round", "sum", "show"]) ledger.forbidden.add(stage)
      const second = yield* runIn(w, pipeline())
      assert.deepStrictEqual([second.executed, second.hits, second.failed], [[], all, []])
      assert.deepStrictEqual([...second.outputs], [...first.outputs])
    }))

  test("stops a rerun where an input was made again to the same bytes (early cutoff)", (w) =>
    Effect.gen(function* () {
      yield* runIn(w, pipeline({ a: 1.02 }))
      const again = yield* runIn(w, pipeline({ a: 1.03 }))
      assert.deepStrictEqual(again.executed, ["constant:a", "round"])
      assert.deepStrictEqual(reasonsOf(w, "constant:a"), ["ParamChanged"])
      assert.deepStrictEqual(reasonsOf(w, "round"), ["InputChanged"])
    }))

  test("takes up an older result when the configuration goes back", (w) =>
    Effect.gen(function* () {
      yield* runIn(w, pipeline({ digits: 1 }))
      yield* runIn(w, pipeline({ digits: 2 }))
      assert.deepStrictEqual((yield* runIn(w, pipeline({ digits: 1 }))).executed, [])
    }))

  test("does not rerun for a parameter that is declared without effect", (w) =>
    Effect.gen(function* () {
      yield* runIn(w, pipeline({ comment: "old" }))
      assert.deepStrictEqual((yield* runIn(w, pipeline({ comment: "new" }))).executed, [])
    }))

  test("caches successes only", (w) =>
    Effect.gen(function* () {
      ledger.forbidden.add("sum")
      const failed = yield* runIn(w, pipeline())
      assert.deepStrictEqual([failed.failed.map((f) => f.node), failed.blocked], [["sum"], ["show"]])
      ledger.forbidden.clear()
      assert.deepStrictEqual((yield* runIn(w, pipeline())).executed, ["sum", "show"])
    }))

  test("with keepGoing does what does not depend on the failure", (w) =>
    Effect.gen(function* () {
      ledger.forbidden.add("round")
      const free = show.node({
        label: "free",
        params: { label: "" },
        inputs: { value: constant.node({ label: "c", params: { value: 9 }, inputs: {} }) }
      })
      const result = yield* runIn(w, [...pipeline(), free], { keepGoing: true })
      assert.include(result.executed, "show:free")
      assert.deepStrictEqual(result.blocked, ["sum", "show"])
    }))

  for (const [fault, damage] of [
    ["OutputMissing", (path: string) => rmSync(path)],
    ["OutputAltered", (path: string) => writeFileSync(path, "short")]
  ] as const) {
    test(`makes an output anew whose blob is damaged (${fault})`, (w) =>
      Effect.gen(function* () {
        const before = yield* runIn(w, pipeline())
        damage(yield* blobPath(w, before.outputs.get("round")!.digest))
        const after = yield* runIn(w, pipeline())
        assert.deepStrictEqual(after.executed, ["round"])
        assert.deepStrictEqual(reasonsOf(w, "round"), [fault])
        assert.deepStrictEqual([...after.outputs], [...before.outputs])
      }))
  }

  test("finds a flipped byte when the blob is read for use, and makes what is needed anew", (w) =>
    Effect.gen(function* () {
      const before = yield* runIn(w, pipeline())
      const path = yield* blobPath(w, before.outputs.get("round")!.digest)
      writeFileSync(path, "9".repeat(before.outputs.get("round")!.size))
      const other = yield* runIn(
        w,
        [
          ...pipeline(),
          sum.node({
            label: "twice",
            params: {},
            inputs: { terms: { r: nodeNamed(pipeline(), "round") }, bonus: undefined }
          })
        ].slice(1)
      )
      assert.include(other.executed, "sum:twice")
      assert.include(other.executed, "round")
      const store = yield* storeOf(w)
      assert.strictEqual(readdirSync(`${store.root}/damaged`).length, 1)
    }))

  test("decodes nothing from a damaged trace", (w) =>
    Effect.gen(function* () {
      yield* runIn(w, pipeline())
      const store = yield* storeOf(w)
      for (const folder of readdirSync(`${store.root}/traces`)) {
        for (const file of readdirSync(`${store.root}/traces/${folder}`)) {
          writeFileSync(`${store.root}/traces/${folder}/${file}`, "{")
        }
      }
      const after = yield* runIn(w, pipeline())
      assert.deepStrictEqual(after.executed, all)
      assert.deepStrictEqual(reasonsOf(w, "sum"), ["TraceDamaged"])
    }))
})

const nodeNamed = (targets: ReadonlyArray<AnyNode>, name: string) => {
  const search = (node: AnyNode): AnyNode | undefined =>
    node.name === name ? node : [...node.inputs.values()].map(search).find((found) => found !== undefined)
  return targets.map(search).find((found) => found !== undefined) as ReturnType<typeof round.node>
}

test("a reference gives the digest of any node, and its bytes are not read", (w) =>
  Effect.gen(function* () {
    const [last] = pipeline()
    const cited = cite.node({ params: {}, inputs: { above: { last: last! } } })
    const first = yield* runIn(w, pipeline())
    const digest = first.outputs.get("show")!.digest
    const path = yield* blobPath(w, digest)
    writeFileSync(path, "x".repeat(first.outputs.get("show")!.size))
    const second = yield* runIn(w, [cited])
    assert.deepStrictEqual(second.executed, ["cite"])
    const store = yield* storeOf(w)
    const text = cited.output.decode(yield* store.blobs.read(second.outputs.get("cite")!.digest))
    assert.strictEqual(text, `last ${digest}`)
  }))

describe("a selection", () => {
  const selection = (selected: ReadonlyArray<string>, forced: ReadonlyArray<string> = []) => ({
    selection: { selected: new Set(selected), forced: new Set(forced) }
  })

  test("leaves the other nodes alone, and what needs them undone", (w) =>
    Effect.gen(function* () {
      const result = yield* runIn(w, pipeline(), selection(["constant:a", "round"]))
      assert.deepStrictEqual([result.executed, result.leftOut], [["constant:a", "round"], ["constant:b"]])
      assert.deepStrictEqual([result.blocked, result.failed], [["sum", "show"], []])
    }))

  test("forces a node that is up to date: it is made and written again, what follows is not", (w) =>
    Effect.gen(function* () {
      yield* runIn(w, pipeline())
      const result = yield* runIn(w, pipeline(), selection(all, ["round"]))
      assert.deepStrictEqual(result.executed, ["round"])
      assert.deepStrictEqual(reasonsOf(w, "round"), ["Forced"])
    }))
})

describe("a trace with one altered byte", () => {
  test("is a miss with that reason, wherever the byte is, and is moved aside", (w) =>
    Effect.gen(function* () {
      const before = yield* runIn(w, pipeline())
      const store = yield* storeOf(w)
      const { keys } = (yield* store.latest("test"))!
      const path = store.traces.pathOf(keys.round!)
      const whole = readFileSync(path)
      for (let at = 0; at < whole.length; at += 37) {
        const altered = Buffer.from(whole)
        altered[at]! ^= 1
        writeFileSync(path, altered)
        const after = yield* runIn(w, pipeline())
        assert.deepStrictEqual([after.executed, reasonsOf(w, "round")], [["round"], ["TraceDamaged"]], `byte ${at}`)
        assert.deepStrictEqual([...after.outputs], [...before.outputs])
      }
      assert.isNotEmpty(readdirSync(`${store.root}/damaged`))
    }))
})

describe("reasons name every change", () => {
  test("of code, files and packages", (w) =>
    Effect.gen(function* () {
      w.code = { sum: { code: "1", files: { "src/add.ts": "1" }, packages: { effect: "1.0.0 x" } } }
      yield* runIn(w, pipeline())
      w.code = { sum: { code: "2", files: { "src/add.ts": "2" }, packages: { effect: "1.0.1 y" } } }
      yield* runIn(w, pipeline())
      assert.deepStrictEqual(reasonsOf(w, "sum"), ["CodeChanged", "PackageChanged"])
      const changed = w.events.find((event) => event._tag === "NodeStarted" && event.node === "sum")
      assert.deepInclude(JSON.parse(JSON.stringify(changed)).reasons[0], { files: ["src/add.ts"] })
    }))
})

describe("what a change is told against", () => {
  const valued = (digits: number) => pipeline({ digits })

  test("is the latest run, also where that only reused what an earlier one had made", (w) =>
    Effect.gen(function* () {
      yield* runIn(w, valued(1))
      yield* runIn(w, valued(2))
      assert.deepStrictEqual((yield* runIn(w, valued(1))).executed, [])
      yield* runIn(w, valued(0))
      const started = w.events.find((event) => event._tag === "NodeStarted" && event.node === "round")
      assert.deepStrictEqual(started?._tag === "NodeStarted" ? started.reasons.map(describeReason) : [], [
        "digits: 1 → 0"
      ])
    }))

  test("is the earlier run that differs least, the latest among equals", (w) =>
    Effect.gen(function* () {
      const reasons = () => {
        const started = w.events.find((event) => event._tag === "NodeStarted" && event.node === "round")
        return started?._tag === "NodeStarted" ? started.reasons.map((reason) => reason._tag) : []
      }
      yield* runIn(w, pipeline({ a: 1, digits: 1 }))
      yield* runIn(w, pipeline({ a: 2, digits: 2 }))
      // The last run differs in its input and its digits, the one before in its digits alone.
      const planned = yield* planIn(w, pipeline({ a: 1, digits: 3 }))
      assert.deepStrictEqual(planned.nodes.find(({ name }) => name === "round")!.reasons.map(describeReason), [
        "digits: 1 → 3"
      ])
      yield* runIn(w, pipeline({ a: 3, digits: 4 }))
      assert.deepStrictEqual(reasons(), ["ParamChanged", "InputChanged"])
      // The trace of that one is gone: then it is not compared with.
      const store = yield* storeOf(w)
      const { before = [] } = (yield* store.lastRuns.read("test/round"))!
      assert.lengthOf(before, 2)
      yield* store.traces.remove(before[1]!)
      yield* runIn(w, pipeline({ a: 1, digits: 3 }))
      assert.deepStrictEqual(reasons(), ["ParamChanged", "InputChanged"])
    }))

  test("is sought among a bounded number of runs", (w) =>
    Effect.gen(function* () {
      for (let digits = 0; digits < 12; digits++) yield* runIn(w, valued(digits))
      const { key, before = [] } = (yield* (yield* storeOf(w)).lastRuns.read("test/round"))!
      assert.lengthOf(before, 7)
      assert.lengthOf([...new Set([key, ...before])], 8)
    }))

  test("is a node's execution in a run that was cut off before its end", (w) =>
    Effect.gen(function* () {
      yield* runIn(w, valued(1))
      const store = yield* storeOf(w)
      const latest = (yield* store.latest("test"))!
      yield* runIn(w, valued(2))
      // As a SIGKILL leaves it: what the run executed is noted, the run itself is not.
      const { at = 0 } = (yield* store.lastRuns.read("test/round"))!
      yield* store.noteLatest("test", { ...latest, at: at - 1 })
      yield* runIn(w, valued(0))
      const started = w.events.find((event) => event._tag === "NodeStarted" && event.node === "round")
      assert.deepStrictEqual(started?._tag === "NodeStarted" ? started.reasons.map(describeReason) : [], [
        "digits: 2 → 0"
      ])
    }))
})

describe("a plan", () => {
  test("says Run, Unknown below it, and Hit, and runs nothing", (w) =>
    Effect.gen(function* () {
      const states = (values: Values) =>
        Effect.map(planIn(w, pipeline(values)), (p) => Object.fromEntries(p.nodes.map((n) => [n.name, n.state])))
      assert.deepStrictEqual(yield* states({}), {
        "constant:a": "run",
        "constant:b": "run",
        round: "unknown",
        sum: "unknown",
        show: "unknown"
      })
      assert.deepStrictEqual(ledger.ran, [])
      yield* runIn(w, pipeline())
      assert.deepStrictEqual(yield* states({ digits: 0 }), {
        "constant:a": "hit",
        "constant:b": "hit",
        round: "run",
        sum: "unknown",
        show: "unknown"
      })
    }))
})

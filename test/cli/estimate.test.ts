/** How long a run may still take: the schedule, and what is said of a run and of a plan. */
import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import fc from "fast-check"
import { fixture } from "../../pipelines/fixture.ts"
import { leftOf, makeLeft, type Work } from "../../src/cli/estimate/left.ts"
import { makespan, type Task } from "../../src/cli/estimate/schedule.ts"
import { sizeOf } from "../../src/cli/estimate/size.ts"
import { advance, initialView, type RunView } from "../../src/cli/view/state.ts"
import type { Event } from "../../src/dag/events.ts"
import { nodesOf } from "../../src/dag/pipeline.ts"

const task = (name: string, seconds: number, inputs: ReadonlyArray<string> = [], running = false): Task => ({
  name,
  seconds,
  inputs,
  running
})

describe("a schedule", () => {
  it("lays independent work side by side, and a chain end to end", () => {
    const tasks = [task("a", 3), task("b", 2), task("c", 2), task("d", 1, ["a", "c"])]
    assert.strictEqual(makespan(tasks, 1), 8)
    assert.strictEqual(makespan(tasks, 2), 5)
    assert.strictEqual(makespan(tasks, 9), 4)
  })

  it("leaves a running task its worker", () =>
    assert.strictEqual(makespan([task("a", 1), task("b", 10, [], true)], 1), 11))

  it("lies within Graham's bounds", () => {
    const graph = fc.array(fc.record({ seconds: fc.nat(50), above: fc.array(fc.nat(20), { maxLength: 3 }) }), {
      maxLength: 20
    })
    fc.assert(
      fc.property(graph, fc.integer({ min: 1, max: 5 }), (nodes, workers) => {
        const tasks = nodes.map(({ seconds, above }, at) =>
          task(String(at), seconds, above.filter((input) => input < at).map(String))
        )
        const longest: Array<number> = []
        for (const [at, { seconds, inputs }] of tasks.entries())
          longest[at] = seconds + Math.max(0, ...inputs.map((input) => longest[Number(input)]!))
        const sum = tasks.reduce((total, { seconds }) => total + seconds, 0)
        const path = Math.max(0, ...longest)
        const span = makespan(tasks, workers)
        assert.isAtLeast(span, Math.max(path, sum / workers))
        assert.isAtMost(span, sum / workers + (1 - 1 / workers) * path + 1e-9)
      })
    )
  })
})

const output = { artifact: "A", digest: "0".repeat(64), size: 1 }
const settings = Schema.decodeUnknownSync(fixture.settings)({ training: { seeds: 2, epochs: 30 } })
const nodes = nodesOf(fixture.build(settings).targets)
const work: Work = { nodes, workers: 1, earlier: new Map() }
const names = nodes.map(({ name }) => name)
const trainings = names.filter((name) => name.startsWith("fine-tune:"))

const viewAfter = (events: ReadonlyArray<readonly [number, Event]>): RunView =>
  events.reduce((view, [at, event]) => advance(view, event, at), initialView("fixture", names, 0))

const isAbove = (name: string) => !/^(fine-tune|evaluate|show-mistakes|judge-generator|compare-with-gan)/u.test(name)
const hits = names.filter(isAbove).map((node) => [0, { _tag: "NodeHit", node, key: "k", output, seconds: 1 }] as const)
const started = (node: string): Event => ({ _tag: "NodeStarted", node, key: "k", reasons: [] })
const steps = (node: string, completed: number): Event => ({
  _tag: "NodeProgress",
  node,
  progress: { completed, total: 300, unit: "steps" }
})
const [first, second] = trainings as [string, string]

describe("what is left of a run", () => {
  it("is its size until something is known", () => {
    assert.lengthOf(trainings, 4)
    assert.strictEqual(sizeOf(nodes), "4 × fine-tune, up to 30 epochs each")
    assert.strictEqual(
      leftOf(work, viewAfter([...hits, [0, started(first)]]), 0),
      "4 × fine-tune, up to 30 epochs each, to come"
    )
  })

  it("is told from the pace of the first training on", () => {
    // A start of 10 s, then a step a second: 310 s each, of which 250 s are left of the first.
    const view = viewAfter([...hits, [0, started(first)], [10_000, steps(first, 0)], [60_000, steps(first, 50)]])
    assert.strictEqual(leftOf(work, view, 60_000), "about 19:40 left")
    assert.strictEqual(leftOf({ ...work, workers: 2 }, view, 60_000), "about 10:20 left")
  })

  it("counts a training that is done as long as it took, and one that was resumed not at all", () => {
    const done = (resumed: ReadonlyArray<readonly [number, Event]>) =>
      viewAfter([
        ...hits,
        [0, started(first)],
        ...resumed,
        [100_000, { _tag: "NodeFinished", node: first, output, seconds: 100 }],
        [100_000, started(second)]
      ])
    assert.strictEqual(leftOf(work, done([]), 100_000), "about 5:00 left")
    const resumed = leftOf(work, done([[1, { _tag: "NodeResumed", node: first }]]), 100_000)
    assert.strictEqual(resumed, "3 × fine-tune, up to 30 epochs each, to come")
  })

  it("is told at once where the store knows what they took", () => {
    const earlier = new Map(trainings.map((name) => [name, 60]))
    assert.strictEqual(leftOf({ ...work, earlier }, viewAfter([...hits, [0, started(first)]]), 0), "about 4:00 left")
  })

  it("is an upper bound while early cutoff may spare trainings, and at once less when it has", () => {
    const earlier = new Map(trainings.map((name) => [name, 60]))
    const look = makeLeft({ ...work, earlier })
    const above = hits.filter(([, { node }]) => !node.startsWith("resize"))
    const remade = names.filter((name) => name.startsWith("resize")).map((node) => [0, started(node)] as const)
    assert.isNotEmpty(remade)
    const view = viewAfter([...above, ...remade])
    assert.strictEqual(look(view, 5000), "at most 4:00 left")
    const spared = trainings.map((node) => [5001, { _tag: "NodeHit", node, key: "k", output, seconds: 60 }] as const)
    const after = spared.reduce((now, [at, event]) => advance(now, event, at), view)
    assert.isUndefined(look(after, 5001))
  })

  it("is nothing once all is done", () => {
    const all = names.map((node): readonly [number, Event] => [
      0,
      { _tag: "NodeHit", node, key: "k", output, seconds: 1 }
    ])
    assert.isUndefined(leftOf(work, viewAfter(all), 0))
  })
})

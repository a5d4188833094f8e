/** Several runs on one store at the same time: the work is shared, and a dead run holds nobody up. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"
import { assert, beforeEach, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { inputDigests } from "../../src/dag/plan.ts"
import { constant, ledger, round, show, sum } from "./arithmetic.ts"
import { keyIn, runIn, temporaryFolder, type World, world } from "./harness.ts"

const pipeline = () => {
  const first = constant.node({ label: "a", params: { value: 1 }, inputs: {} })
  const second = constant.node({ label: "b", params: { value: 2 }, inputs: {} })
  const rounded = round.node({ params: { digits: 1 }, inputs: { value: first } })
  const total = sum.node({ params: {}, inputs: { terms: { rounded, second }, bonus: undefined } })
  return [show.node({ params: { label: "=" }, inputs: { value: total } })]
}

const test = (name: string, body: (w: World) => Effect.Effect<void, unknown>) =>
  it.live(name, () => {
    const folder = temporaryFolder()
    return body(world(folder.path)).pipe(Effect.ensuring(Effect.sync(folder.remove)))
  })

beforeEach(() => {
  ledger.ran.length = 0
})

/** A lease as a run leaves it that died: its process is gone. */
const leaveLease = (w: World, key: string, owner: unknown) => {
  mkdirSync(join(w.store, "leases", key), { recursive: true })
  writeFileSync(join(w.store, "leases", key, "1"), typeof owner === "string" ? owner : JSON.stringify(owner))
}

const keyOfFirst = (w: World) => {
  const node = constant.node({ label: "a", params: { value: 1 }, inputs: {} })
  return keyIn(w, node, inputDigests(node, new Map())!)
}

describe("runs at the same time", () => {
  test("execute every stage once, and all get the same outputs", (w) =>
    Effect.gen(function* () {
      const worlds = Array.from({ length: 8 }, () => world(w.store))
      const results = yield* Effect.forEach(worlds, (one) => runIn(one, pipeline()), { concurrency: "unbounded" })
      assert.deepStrictEqual(ledger.ran.toSorted(), ["constant", "constant", "round", "show", "sum"])
      for (const result of results) {
        assert.deepStrictEqual([...result.outputs], [...results[0]!.outputs])
        assert.strictEqual(result.executed.length + result.hits.length, 5)
      }
      assert.deepStrictEqual(readdirSync(join(w.store, "leases")), [])
    }))

  test("say for whom they wait", (w) =>
    Effect.gen(function* () {
      const key = yield* keyOfFirst(w)
      leaveLease(w, key, { run: "other", host: "another-machine", pid: 1 })
      const fiber = yield* Effect.forkChild(runIn(w, pipeline()))
      while (!w.events.some((event) => event._tag === "NodeWaiting")) yield* Effect.sleep(20)
      const waiting = w.events.find((event) => event._tag === "NodeWaiting")
      assert.deepInclude(JSON.parse(JSON.stringify(waiting)), { node: "constant:a" })
      yield* Fiber.interrupt(fiber)
      assert.isTrue(existsSync(join(w.store, "leases", key, "1")))
    }))

  test("take over the lease of a run whose process is gone", (w) =>
    Effect.gen(function* () {
      leaveLease(w, yield* keyOfFirst(w), { run: "dead", host: hostname(), pid: 2 ** 22 + 1 })
      const result = yield* runIn(w, pipeline())
      assert.strictEqual(result.executed.length, 5)
      assert.deepStrictEqual(readdirSync(join(w.store, "leases")), [])
    }))
})

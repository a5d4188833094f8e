/** Several real processes on one store: the work is shared, and neither a dead owner nor a stopped one holds anybody up. */
import { fork } from "node:child_process"
import { existsSync, readdirSync } from "node:fs"
import { join, resolve } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { makeLeases, type Sighting } from "../../src/store/leases.ts"
import { temporaryFolder } from "../dag/harness.ts"
import { copyProject, type Project } from "../pipelines/project.ts"

let project: Project
beforeAll(() => {
  project = copyProject()
})
afterAll(() => project.remove())

const runs = 8

it(`${runs} runs started together execute every stage once and end with the same`, async () => {
  const results = await Promise.all(Array.from({ length: runs }, () => project.run()))
  const nodes = Object.keys(results[0]!.outputs)
  const executed = results.flatMap((result) => result.executed)
  assert.deepStrictEqual(executed.toSorted(), nodes.toSorted())
  for (const result of results) {
    assert.deepStrictEqual(result.failed, [])
    assert.deepStrictEqual(result.outputs, results[0]!.outputs)
    assert.sameMembers([...result.executed, ...result.hits], nodes)
  }
  assert.deepStrictEqual(readdirSync(join(project.store, "leases")), [])
  const waited = results.filter((result) => result.events.some((event) => event._tag === "NodeWaiting"))
  console.log(JSON.stringify({ runs, nodes: nodes.length, executed: executed.length, waited: waited.length }))
})

describe("the lease of another process", () => {
  const times = { beat: 100, expiry: 1_500 }
  const holder = resolve(import.meta.dirname, "lease-holder.ts")

  const hold = async (root: string) => {
    const child = fork(holder, [root, String(times.beat), String(times.expiry)], { execArgv: [] })
    await new Promise((held) => child.once("message", held))
    return child
  }

  /** Attempts until the lease is got, or `ms` have passed. Milliseconds that it took, or undefined. */
  const acquireWithin = async (root: string, ms: number): Promise<number | undefined> => {
    const leases = makeLeases(root, times)
    const start = performance.now()
    let seen: Sighting | undefined
    while (performance.now() - start < ms) {
      const attempt = await Effect.runPromise(leases.attempt("key", "waiter", seen))
      if (attempt._tag === "Acquired") {
        await Effect.runPromise(leases.release(attempt.lease))
        return performance.now() - start
      }
      assert.strictEqual(attempt.owner?.run, "holder")
      seen = attempt.sighting
      await new Promise((done) => setTimeout(done, 50))
    }
    return undefined
  }

  it("is kept while its owner lives, and taken over when the owner is stopped for longer than the expiry", async () => {
    const folder = temporaryFolder()
    const child = await hold(folder.path)
    assert.isUndefined(await acquireWithin(folder.path, 2 * times.expiry))
    child.kill("SIGSTOP")
    const took = await acquireWithin(folder.path, 20 * times.expiry)
    assert.isAtLeast(took ?? 0, times.expiry)
    child.kill("SIGKILL")
    folder.remove()
  })

  it("is taken over at once when its owner was killed", async () => {
    const folder = temporaryFolder()
    const child = await hold(folder.path)
    assert.isTrue(existsSync(join(folder.path, "leases", "key", "1")))
    const gone = new Promise((exit) => child.once("exit", exit))
    child.kill("SIGKILL")
    await gone
    assert.isDefined(await acquireWithin(folder.path, 20 * times.expiry))
    folder.remove()
  })
})

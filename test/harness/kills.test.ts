/**
 * Kills at random moments: the whole group of a run (loader, run, workers) gets SIGKILL, alone or beside a second run on
 * the same store. What is left behind must never show: the run that is at last let through ends with the digests of one
 * that nobody disturbed.
 */
import { rmSync } from "node:fs"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import { generator } from "../../src/random/generator.ts"
import { copyProject, finished, type Project } from "../pipelines/project.ts"

const kills = 200
/** Kills in a row before a run is let through, at most. */
const inARow = 12

let project: Project
beforeAll(() => {
  project = copyProject()
})
afterAll(() => project.remove())

const draw = generator("kills", 1)
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** Starts a run and kills it after `ms`, unless it has ended by then. True where it was killed. */
const startAndKill = async (store: string, ms: number): Promise<boolean> => {
  const child = project.start("run", "--pipeline", "fixture", "--json", "--store", store)
  const end = finished(child)
  const killed = await Promise.race([end.then(() => false), wait(ms).then(() => true)])
  if (killed) {
    try {
      process.kill(-child.pid!, "SIGKILL")
    } catch {
      // It ended in this very moment.
    }
  }
  await end
  return killed
}

it(`${kills} kills leave no trace in any result`, async () => {
  const { outputs, executed } = await project.run("--store", `${project.root}/undisturbed`)
  let done = 0
  let rounds = 0
  while (done < kills) {
    const store = `${project.root}/store-${rounds++}`
    for (let n = 0; n < inARow && done < kills; n++) {
      const together = draw.integer(2) === 0 ? 1 : 2
      const killed = await Promise.all(
        Array.from({ length: together }, () => startAndKill(store, 300 + draw.integer(4500)))
      )
      done += killed.filter((was) => was).length
      if (killed.includes(false)) break
    }
    const [first, second] = await Promise.all([project.run("--store", store), project.run("--store", store)])
    assert.deepStrictEqual(first.outputs, outputs)
    assert.deepStrictEqual(second.outputs, outputs)
    for (const node of executed) assert.isFalse(first.executed.includes(node) && second.executed.includes(node), node)
    rmSync(store, { recursive: true, force: true })
  }
  console.log(JSON.stringify({ kills: done, stores: rounds }))
})

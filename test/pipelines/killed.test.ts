/** A run killed in the middle of training goes on from its last epoch, and ends with the bytes of one never killed. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { copyProject, finished, type Project } from "./project.ts"

const settings = ["--set", "training.epochs=5", "--set", "training.patience=5"]

let project: Project
beforeAll(() => {
  project = copyProject()
})
afterAll(() => project.remove())

/** Sends the run's whole group a signal at the first event that fits: what a terminal, or a dying machine, does. */
const killAt = async (signal: NodeJS.Signals, fits: (event: { _tag: string; node?: string }) => boolean) => {
  const child = project.start("run", "--pipeline", "fixture", "--json", ...settings)
  const end = finished(child)
  let text = ""
  let killed = false
  child.stdout?.on("data", (chunk: Buffer) => {
    text += chunk
    const whole = text.slice(0, text.lastIndexOf("\n") + 1)
    text = text.slice(whole.length)
    for (const line of whole.split("\n").filter((part) => part !== "")) {
      if (!killed && fits(JSON.parse(line))) {
        killed = true
        process.kill(-child.pid!, signal)
      }
    }
  })
  const { code } = await end
  assert.isTrue(killed)
  return code
}

describe("a run killed in the middle of fine-tune", () => {
  it("resumes from the last epoch and ends with the same digests", async () => {
    const undisturbed = await project.run(...settings, "--store", `${project.root}/undisturbed`)
    let checkpoints = 0
    await killAt("SIGKILL", (event) => event._tag === "NodeCheckpointed" && ++checkpoints === 3)
    const resumed = await project.run(...settings)
    assert.isTrue(resumed.events.some((event) => event._tag === "NodeResumed"))
    assert.include(resumed.executed.join(), "fine-tune")
    assert.deepStrictEqual(resumed.outputs, undisturbed.outputs)
  })

  it("by Ctrl-C ends with 130, keeps a checkpoint, and resumes", async () => {
    const more = ["--set", "training.seeds=2"]
    settings.push(...more)
    const code = await killAt("SIGINT", (event) => event._tag === "NodeProgress" && event.node?.endsWith(":2") === true)
    assert.strictEqual(code, 130)
    const resumed = await project.run(...settings)
    const undisturbed = await project.run(...settings, "--store", `${project.root}/undisturbed`)
    assert.deepStrictEqual(resumed.outputs, undisturbed.outputs)
  })
})

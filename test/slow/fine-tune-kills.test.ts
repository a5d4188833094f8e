import { spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { generator } from "../../src/random/generator.ts"

const child = new URL("fine-tune-child.ts", import.meta.url).pathname

/** Runs the child on a checkpoint file; SIGKILL after so many milliseconds. What it printed, or "" when killed. */
const run = (path: string, killAfter?: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const started = spawn(process.execPath, ["--import", "tsx", child, path], { stdio: ["ignore", "pipe", "inherit"] })
    const timer = killAfter === undefined ? undefined : setTimeout(() => started.kill("SIGKILL"), killAfter)
    let output = ""
    started.stdout.on("data", (chunk: Buffer) => {
      output += chunk
    })
    started.on("error", reject)
    started.on("exit", () => {
      clearTimeout(timer)
      resolve(output.trim())
    })
  })

describe("training that is killed", () => {
  it("at ten random moments ends with the bytes of one that was not", async () => {
    const dir = mkdtempSync(join(tmpdir(), "kills-"))
    const began = performance.now()
    const undisturbed = await run(join(dir, "undisturbed"))
    const whole = performance.now() - began
    assert.match(undisturbed, /^[0-9a-f]{64}$/)
    const random = generator("kill moments", 1)
    let kills = 0
    for (let round = 0; kills < 10; round++) {
      const path = join(dir, `round-${round}`)
      let result = ""
      // Two kills, then to the end: a resumed run is killed too.
      for (let attempt = 0; attempt < 2 && result === ""; attempt++) {
        result = await run(path, random.uniform(0.2, 0.9) * whole)
        if (result === "") kills++
      }
      assert.strictEqual(result || (await run(path)), undisturbed)
    }
    rmSync(dir, { recursive: true })
  })
})

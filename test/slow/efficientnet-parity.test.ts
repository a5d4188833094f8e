import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { efficientnetParity } from "../../src/model/parity.ts"

const script = new URL("../fixtures/model/efficientnet_goldens.py", import.meta.url).pathname
// Debian's Python, which has python3-torch and python3-torchvision; another on the PATH may not.
const python = ["/usr/bin/python3", "python3"].find(
  (name) => spawnSync(name, ["-c", "import torch, torchvision"]).status === 0
)

/** Variant, size, batch, frozen blocks, seed. */
const cases = [
  ["micro", 64, 8, 0, 1],
  ["micro", 33, 3, -1, 2],
  ["efficientnet_b0", 64, 8, 3, 3],
  ["efficientnet_b0", 128, 8, 0, 4],
  ["efficientnet_b1", 64, 8, 12, 5],
  ["efficientnet_b3", 128, 8, 18, 6],
  ["efficientnet_b3", 128, 4, 0, 7]
] as const

describe.skipIf(!python)("parity with the torchvision of this machine", () => {
  it.live.each(cases)("%s", ([variant, size, batch, frozen, seed]) =>
    Effect.gen(function* () {
      const dir = mkdtempSync(join(tmpdir(), "goldens-"))
      const flags = { size, batch, frozen, seed }
      const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)])
      assert.strictEqual(spawnSync(python!, [script, variant, dir, ...args], { stdio: "inherit" }).status, 0)
      const lines = yield* efficientnetParity(dir, "wasm")
      rmSync(dir, { recursive: true })
      assert.isAbove(lines.length, 20)
      assert.deepStrictEqual(
        lines.filter(({ pass }) => !pass),
        []
      )
    })
  )
})

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { efficientnetParity } from "../../src/model/parity.ts"
import { readSafetensors, writeSafetensors } from "../../src/model/weights/safetensors.ts"

const golden = new URL("../fixtures/model/efficientnet-micro", import.meta.url).pathname

describe("parity with torchvision", () => {
  it.live("fails where one number of the reference is off by a thousandth", () =>
    Effect.gen(function* () {
      const dir = mkdtempSync(join(tmpdir(), "parity-"))
      cpSync(golden, dir, { recursive: true })
      const file = yield* readSafetensors(readFileSync(join(golden, "golden.safetensors")))
      const altered = [
        "grad/features.4.0.block.1.0.weight",
        "step/features.5.0.weight",
        "running/features.0.1.running_var"
      ]
      for (const name of altered) {
        const { data } = file.tensors.get(name)!
        const at = data.reduce((best, value, i) => (Math.abs(value) > Math.abs(data[best]!) ? i : best), 0)
        data[at] = data[at]! * 1.001
      }
      writeFileSync(join(dir, "golden.safetensors"), writeSafetensors(file))
      const lines = yield* efficientnetParity(dir, "wasm")
      rmSync(dir, { recursive: true })
      assert.deepStrictEqual(
        lines.filter(({ pass }) => !pass).map(({ quantity }) => quantity),
        ["grad/features.4.0.block.1.0.weight", "running/features.0.1.running_var", "step/features.5.0.weight"]
      )
    })
  )
})

/** Trains a small network with its checkpoint in a file, and prints the SHA-256 of the weights. For kills. */
import { createHash } from "node:crypto"
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { Effect, Option, Schema } from "effect"
import { openBackend } from "../../src/model/backends/open.ts"
import { fineTune } from "../../src/model/fine-tune.ts"
import { FineTuneOptions } from "../../src/model/training/options.ts"
import { ellipses } from "../model/images.ts"

const path = process.argv[2]!
const options = Schema.decodeUnknownSync(FineTuneOptions)({
  variant: "micro",
  frozenLayers: 2,
  batchSize: 8,
  epochs: 12,
  averageDecay: 0.9
})
const checkpoint = {
  load: Effect.sync(() => (existsSync(path) ? Option.some(new Uint8Array(readFileSync(path))) : Option.none())),
  save: (bytes: Uint8Array) =>
    Effect.sync(() => {
      writeFileSync(`${path}.part`, bytes)
      renameSync(`${path}.part`, path)
    })
}
const program = Effect.gen(function* () {
  yield* openBackend("wasm")
  const trained = yield* fineTune(options, ellipses("train", 48, 32, 3), ellipses("validation", 16, 32), { checkpoint })
  return createHash("sha256").update(trained.weights).update(JSON.stringify(trained.history)).digest("hex")
})
console.log(await Effect.runPromise(program))

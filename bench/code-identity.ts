/**
 * What the identity of all stages' code costs while nothing changed: stat index, bundles on disk, lock file.
 *
 *   npx tsx bench/code-identity.ts [--times 20]
 *
 * Each time begins with nothing in memory, as a new process does. Prints the least and the median. Aim: under 150 ms.
 */
import { cpus, loadavg } from "node:os"
import { resolve } from "node:path"
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { CodeIdentity, layer } from "../src/dag/code-identity.ts"
import { nodesOf } from "../src/dag/pipeline.ts"

// Read as a module: it must not take this program for its own.
process.argv[1] = "code-identity"
const { fixture } = await import("../pipelines/fixture.ts")

const { values } = parseArgs({ args: process.argv.slice(2), options: { times: { type: "string", default: "20" } } })
const root = resolve(import.meta.dirname, "..")
const built = fixture.build(Schema.decodeUnknownSync(fixture.settings)({}))
const stages = [...new Map(nodesOf(built.targets).map(({ stage }) => [stage.module, stage])).values()]

const once = Effect.gen(function* () {
  const code = yield* CodeIdentity
  yield* Effect.forEach(stages, (stage) => code.of(stage), { concurrency: "unbounded", discard: true })
})
const taken: Array<number> = []
for (let time = 0; time <= Number(values.times); time++) {
  const start = performance.now()
  await Effect.runPromise(once.pipe(Effect.provide(layer(root))))
  // The first makes the bundles.
  if (time > 0) taken.push(performance.now() - start)
}
taken.sort((a, b) => a - b)
const ms = (value = Number.NaN) => `${value.toFixed(1)} ms`
console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`)
console.log(`${stages.length} stages: least ${ms(taken[0])}, median ${ms(taken[taken.length >> 1])}`)

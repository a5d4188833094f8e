/** The plan that the README shows is what `plan` prints after a run of the demo. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { demo } from "../../pipelines/demo.ts"
import { renderPlan, unknownData } from "../../src/cli/commands/plan.ts"
import { planning } from "../../src/cli/engine.ts"
import { plannedLines } from "../../src/cli/estimate/planned.ts"
import { lastRunName } from "../../src/dag/last-run.ts"
import { lookup } from "../../src/dag/lookup.ts"
import { nodesOf } from "../../src/dag/pipeline.ts"
import { plan } from "../../src/dag/plan.ts"
import type { AnyNode } from "../../src/dag/stage.ts"
import { Store } from "../../src/store/store.ts"
import { blocksOf } from "./blocks.ts"

const root = resolve(".")
const built = (given: object) => demo.build(Schema.decodeUnknownSync(demo.settings)(given))

/** What a run leaves in the store, with outputs that are only names: a plan reads none. */
const leaveRun = Effect.fnUntraced(function* (nodes: ReadonlyArray<AnyNode>) {
  const store = yield* Store
  const digests = new Map<string, string>()
  for (const node of nodes) {
    const inputs = Object.fromEntries([...node.inputs].map(([name, input]) => [name, digests.get(input.name)!]))
    const { key, record, files, folders } = yield* lookup(demo.name, node, inputs)
    const bytes = Buffer.from(node.name)
    const digest = yield* store.blobs.write(bytes)
    digests.set(node.name, digest)
    const output = { artifact: node.output.name, digest, size: bytes.length }
    const facts = { run: "r", startedAt: new Date(0).toISOString(), seconds: 1 }
    yield* store.traces.write(key, { key, record, output, files, folders, facts })
    yield* store.lastRuns.write(lastRunName(demo.name, node.name), { key, record, files, folders, run: "r", at: 0 })
  }
})

describe("the README", () => {
  it.live("shows the plan of another number of frozen layers", () => {
    const folder = mkdtempSync(join(tmpdir(), "dermograph-readme-"))
    return Effect.gen(function* () {
      yield* leaveRun(nodesOf(built({}).targets))
      const { targets } = built({ model: { frozenLayers: 3 } })
      const planned = yield* plan(demo, targets)
      const lines = [...renderPlan(planned), ...(yield* plannedLines(planned, nodesOf(targets), 2))]
      const shown = blocksOf(readFileSync("README.md", "utf8")).find(({ text }) => text.includes("frozenLayers=3"))
      const [command, ...prints] = shown!.text.trimEnd().split("\n")
      assert.strictEqual(command, "$ npx tsx pipeline.config.ts plan --set model.frozenLayers=3 | grep -v ^hit")
      const rest = [...lines.filter((line) => !line.startsWith("hit")), "", unknownData].join("\n")
      assert.strictEqual(prints.join("\n"), rest)
    }).pipe(
      Effect.provide(planning(root, folder)),
      Effect.ensuring(Effect.sync(() => rmSync(folder, { recursive: true })))
    )
  })
})

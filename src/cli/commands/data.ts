/** `data`: what is in the data folders, how they would be split and what is suspicious, before anything is trained. */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Description, nodesOf } from "../../dag/pipeline.ts"
import { run as runPipeline } from "../../dag/run.ts"
import type { AnyNode } from "../../dag/stage.ts"
import { writeAtomic } from "../../store/files.ts"
import { Store } from "../../store/store.ts"
import { running } from "../engine.ts"
import { Ended } from "../errors.ts"
import { failureMessages } from "../failures.ts"
import { type Choice, Project, rootOf, storeOf, wire } from "../project.ts"
import { print, printError, printJson } from "../text/terminal.ts"
import { liveReporter, plainReporter, type Reporter } from "../view/reporter.ts"

export interface DataFlags extends Choice {
  readonly json: boolean
  readonly concurrency: number
}

/** The pipeline has no data to describe. */
export class NoDescription extends Schema.TaggedError<NoDescription>()("NoDescription", { pipeline: Schema.String }) {
  override get message(): string {
    return `${this.pipeline}: it says nothing of its data\n  mend: choose another pipeline with --pipeline`
  }
}

const silent: Pick<Reporter, "emit" | "close"> = { emit: () => undefined, close: () => undefined }

const reporterFor = (flags: DataFlags, pipeline: string, nodes: ReadonlyArray<AnyNode>) => {
  if (flags.json) return silent
  const work = { nodes, workers: flags.concurrency, earlier: new Map() }
  return process.stdout.isTTY === true ? liveReporter(pipeline, work) : plainReporter(pipeline, work)
}

/** The run must have the bytes of the node's output, not only its digest: that is what a conclusion asks for. */
const concludedBy = ({ node }: Description) => ({
  node,
  verdict: () => "",
  remarks: () => [],
  report: () => ({ name: "", content: "" }),
  beside: () => []
})

export const data = Effect.fnUntraced(function* (flags: DataFlags) {
  const config = yield* Project
  const { pipeline, built } = yield* wire(config, flags)
  const { describe } = built
  if (describe === undefined) return yield* new NoDescription({ pipeline: pipeline.name })
  const reporter = reporterFor(flags, pipeline.name, nodesOf([describe.node]))
  const described = Effect.gen(function* () {
    const store = yield* Store
    const only = { targets: [describe.node], conclusion: concludedBy(describe) }
    const result = yield* runPipeline(pipeline, only, { run: "data", concurrency: flags.concurrency })
    const output = result.outputs.get(describe.node.name)
    if (output === undefined || result.failed.length > 0) return { failed: result.failed } as const
    const value: unknown = describe.node.output.decode(yield* store.blobs.read(output.digest))
    const folder = join(store.root, "reports", pipeline.name, "data")
    const files = yield* Effect.forEach(describe.files(value), ({ name, content }) => {
      const path = join(folder, name)
      return Effect.as(writeAtomic(path, content, join(store.root, "tmp")), path)
    })
    return { value, files } as const
  })
  const end = yield* described.pipe(
    Effect.provide(running(rootOf(config), storeOf(config, flags), reporter.emit)),
    Effect.ensuring(Effect.sync(reporter.close))
  )
  if ("failed" in end) {
    for (const message of failureMessages(end.failed)) printError(message)
    return yield* new Ended({ code: 1 })
  }
  if (flags.json) return printJson({ data: describe.data(end.value), files: end.files })
  for (const line of ["", describe.text(end.value), "", ...end.files]) print(line)
})

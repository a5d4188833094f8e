/**
 * The same work for Dermograph: a project of its own in a temporary folder, with two stages and a `pipeline.config.ts`.
 * Its store is filled in one process; what is timed is a plan and a run within a process, and the whole program.
 */
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { execute, type Program } from "./measure.ts"
import type { Job } from "./work.ts"

const root = resolve(import.meta.dirname, "../..")

const stages = {
  "stages/read-number.ts": `import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Artifact from "../src/dag/artifact.ts"
import * as Stage from "../src/dag/stage.ts"

export const Numeral = Artifact.json("Numeral", Schema.Finite)
export const readNumber = Stage.make({
  name: "read-number",
  module: import.meta.url,
  params: Schema.Struct({ value: Schema.Finite }),
  inputs: {},
  output: Numeral,
  run: ({ params }) => Effect.succeed(params.value)
})
`,
  "stages/add.ts": `import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stage from "../src/dag/stage.ts"
import { Numeral } from "./read-number.ts"

export const add = Stage.make({
  name: "add",
  module: import.meta.url,
  params: Schema.Struct({}),
  inputs: { terms: Stage.many(Numeral) },
  output: Numeral,
  run: ({ inputs }) => Effect.succeed(Object.values(inputs.terms).reduce((a, b) => a + b, 0))
})
`
}

const configuration = (jobs: ReadonlyArray<Job>): string => `import { readFileSync } from "node:fs"
import * as Schema from "effect/Schema"
import * as Pipeline from "./src/dag/pipeline.ts"
import { add } from "./stages/add.ts"
import { readNumber } from "./stages/read-number.ts"
import { main } from "./src/cli/main.ts"

interface Job { readonly name: string; readonly inputs: ReadonlyArray<string>; readonly source?: string }
const jobs: ReadonlyArray<Job> = JSON.parse(readFileSync(new URL("./jobs.json", import.meta.url), "utf8"))

/** \`changed\`: the value of the first source. */
export const bench = Pipeline.define({
  name: "bench",
  description: "${jobs.length} nodes",
  settings: Schema.Struct({ changed: Schema.optionalKey(Schema.Finite) }),
  build: ({ changed = 0 }) => {
    const nodes = new Map()
    for (const { name, inputs, source } of jobs) {
      const params = { value: source === "0" ? changed : Number(source) }
      nodes.set(
        name,
        source === undefined
          ? add.node({ label: name, params: {}, inputs: { terms: Object.fromEntries(inputs.map((input) => [input, nodes.get(input)])) } })
          : readNumber.node({ label: name, params, inputs: {} })
      )
    }
    const read = new Set(jobs.flatMap(({ inputs }) => inputs))
    return { targets: jobs.filter(({ name }) => !read.has(name)).map(({ name }) => nodes.get(name)) }
  }
})

export default main({ pipelines: [bench], default: "bench", module: import.meta.url })
`

/** Fills the store within one process, then times what a run costs there without the program around it. */
const inProcess = `import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as CodeIdentity from "./src/dag/code-identity.ts"
import { Events } from "./src/dag/events.ts"
import { plan } from "./src/dag/plan.ts"
import { run } from "./src/dag/run.ts"
import { Sources } from "./src/dag/sources.ts"
import { layer as executor } from "./src/executor/in-process.ts"
import { Store } from "./src/store/store.ts"

process.argv[1] = "fill.ts"
const { bench } = await import("./pipeline.config.ts")
const built = bench.build({})
const services = () =>
  Layer.mergeAll(Sources.layer, executor, Events.layer(() => {}), CodeIdentity.layer(import.meta.dirname)).pipe(
    Layer.provideMerge(Store.layer("cache"))
  )
const filled = await Effect.runPromise(run(bench, built, { run: "fill", concurrency: 8 }).pipe(Effect.provide(services())))
if (filled.failed.length > 0) throw new Error(filled.failed[0].message)
const seconds = async (effect) => {
  const taken = []
  for (let time = 0; time < 5; time++) {
    const start = performance.now()
    await Effect.runPromise(effect.pipe(Effect.provide(services())))
    taken.push((performance.now() - start) / 1000)
  }
  return taken.sort((a, b) => a - b)[2]
}
const planned = await seconds(plan(bench, built.targets))
const ran = await seconds(run(bench, built, { run: "again", concurrency: 2 }))
console.log("RESULT " + JSON.stringify({ plan: planned, run: ran }))
`

export interface Prepared {
  /** \`run\` of the program as a user starts it. */
  readonly program: (...flags: ReadonlyArray<string>) => Program
  /** Seconds within a process: a plan and a run of all hits. */
  readonly within: { readonly plan: number; readonly run: number }
}

/** A folder of links, so that the caches of this project and of the benchmark's do not meet. */
const linkPackages = (folder: string): void => {
  mkdirSync(join(folder, "node_modules"), { recursive: true })
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== ".cache") symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name))
  }
}

export const prepareOurs = (folder: string, jobs: ReadonlyArray<Job>, limit: number): Prepared => {
  mkdirSync(join(folder, "stages"), { recursive: true })
  for (const part of ["src", "bin", "package.json", "package-lock.json", "tsconfig.json"]) {
    cpSync(join(root, part), join(folder, part), { recursive: true })
  }
  linkPackages(folder)
  for (const [path, text] of Object.entries(stages)) writeFileSync(join(folder, path), text)
  writeFileSync(join(folder, "jobs.json"), JSON.stringify(jobs))
  writeFileSync(join(folder, "pipeline.config.ts"), configuration(jobs))
  writeFileSync(join(folder, "fill.ts"), inProcess)
  const tsx = join(root, "node_modules/tsx/dist/cli.mjs")
  // A file changed a moment ago is not trusted by any index: let the clock's resolution pass.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2500)
  const output = execute({ command: [process.execPath, tsx, "fill.ts"], cwd: folder }, limit)
  const within = JSON.parse(output.split("RESULT ").at(-1)!.split("\n")[0]!)
  const program = (...flags: ReadonlyArray<string>): Program => ({
    command: [process.execPath, join(folder, "bin/dermograph.mjs"), "run", ...flags],
    cwd: folder
  })
  return { program, within }
}

/**
 * The truth table of the cache: for each kind of change, which stages run and which reason is printed. Code is bundled
 * for real from a small project on disk; every stage that must not run fails if it is run.
 */
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import * as Artifact from "../../src/dag/artifact.ts"
import * as CodeIdentity from "../../src/dag/code-identity.ts"
import { type Event, Events } from "../../src/dag/events.ts"
import { plan } from "../../src/dag/plan.ts"
import { describe as printed } from "../../src/dag/reason.ts"
import { run } from "../../src/dag/run.ts"
import { SourceFiles } from "../../src/dag/services.ts"
import { Sources } from "../../src/dag/sources.ts"
import * as Stage from "../../src/dag/stage.ts"
import { layer as inProcess } from "../../src/executor/in-process.ts"
import { Store } from "../../src/store/store.ts"
import { Forbidden } from "./arithmetic.ts"
import { temporaryFolder } from "./harness.ts"

const lock = (outer: string, inner: string) =>
  JSON.stringify({
    packages: {
      "": {},
      "node_modules/outer": { version: outer, integrity: `sha512-${outer}`, dependencies: { inner: "*" } },
      "node_modules/inner": { version: "1.0.0", integrity: inner },
      "node_modules/other": { version: "1.0.0", integrity: "sha512-other" }
    }
  })

const project: Readonly<Record<string, string>> = {
  "package-lock.json": lock("1.0.0", "sha512-inner"),
  "stages/ingest.ts": `import { a } from "../src/a.ts"\nimport type { Row } from "../src/row.ts"\nexport const ingest = { run: (row: Row) => a(row) }\nexport const unused = 1\n`,
  "stages/scale.ts": `import { scaled } from "outer"\nimport table from "../src/table.json"\nexport const scale = { run: () => scaled(table.unit) }\n`,
  "stages/report.ts": `export const report = { run: () => "report" }\n`,
  "src/a.ts": `import { b } from "./b.ts"\nexport const a = (row: unknown) => b(row)\n`,
  "src/b.ts": `import { c } from "./c.ts"\nexport const b = (row: unknown) => c(row)\n`,
  "src/c.ts": `export const c = (row: unknown) => [row, 1]\n`,
  "src/row.ts": `export interface Row { readonly path: string }\n`,
  "src/table.json": `{ "unit": 1 }`,
  "data/images/1.jpg": "one",
  "data/images/2.jpg": "two",
  "data/rows.csv": "1,benign\n2,malignant\n"
}

/** What a user can change without touching a file. */
interface Settings {
  readonly root: string
  readonly factor: number
  readonly remark: string
  readonly backend: string
}

const Texts = Artifact.json("Texts", Schema.Array(Schema.String))

/** Wired like the real thing: ingest (folder, table) → scale (parameter, backend) → report. */
const pipelineOf = (settings: Settings, ran: (stage: string) => Effect.Effect<void, Forbidden>) => {
  const module = (stage: string) => pathToFileURL(join(settings.root, "stages", `${stage}.ts`)).href
  const ingest = Stage.make({
    name: "ingest",
    module: module("ingest"),
    params: Schema.Struct({ images: Schema.String, table: Schema.String }),
    inputs: {},
    output: Texts,
    unkeyed: ["images", "table"],
    sources: ({ images, table }) => ({ images, table }),
    run: Effect.fnUntraced(function* ({ params: _ }) {
      yield* ran("ingest")
      const files = yield* SourceFiles
      const bytes = yield* files.read(files.list("table")[0]!.digest)
      const rows = Buffer.from(bytes).toString("utf8").trim().split("\n")
      return [...files.list("images").map((file) => file.digest), ...rows].sort()
    })
  })
  const scale = Stage.make({
    name: "scale",
    module: module("scale"),
    params: Schema.Struct({ factor: Schema.Finite, remark: Schema.String }),
    inputs: { rows: Stage.one(Texts) },
    output: Texts,
    unkeyed: ["remark"],
    environment: () => ({ backend: settings.backend }),
    run: ({ params, inputs }) =>
      Effect.as(
        ran("scale"),
        inputs.rows.map((row) => `${row} × ${params.factor}`)
      )
  })
  const report = Stage.make({
    name: "report",
    module: module("report"),
    params: Schema.Struct({}),
    inputs: { scaled: Stage.one(Texts) },
    output: Texts,
    run: ({ inputs }) => Effect.as(ran("report"), inputs.scaled)
  })
  const rows = ingest.node({
    params: { images: join(settings.root, "data/images"), table: join(settings.root, "data/rows.csv") },
    inputs: {}
  })
  const scaled = scale.node({ params: { factor: settings.factor, remark: settings.remark }, inputs: { rows } })
  return [report.node({ params: {}, inputs: { scaled } })]
}

const name = { name: "truth" }

/** Runs, and tells which stages ran for which printed reasons; what is not `allowed` fails if it is run. */
const runAll = (settings: Settings, store: string, allowed: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const events: Array<Event> = []
    const ran = (stage: string) => (allowed.includes(stage) ? Effect.void : Effect.fail(new Forbidden({ stage })))
    const services = Layer.mergeAll(
      Sources.layer,
      inProcess,
      CodeIdentity.layer(settings.root),
      Events.layer((event) => void events.push(event))
    ).pipe(Layer.provideMerge(Store.layer(store)))
    const targets = pipelineOf(settings, ran)
    const result = yield* Effect.gen(function* () {
      const planned = yield* plan(name, targets)
      return { planned, ...(yield* run(name, { targets }, { run: "r", concurrency: 2 })) }
    }).pipe(Effect.provide(services))
    assert.deepStrictEqual(result.failed, [])
    const reasons = events.flatMap((event) =>
      event._tag === "NodeStarted" ? [[event.node, event.reasons.map(printed)] as const] : []
    )
    return { ...result, reasons: Object.fromEntries(reasons) }
  })

type Expected = Readonly<Record<string, ReadonlyArray<RegExp>>>
type Change = (settings: Settings) => Settings

const edit =
  (path: string, from: string, to: string): Change =>
  (settings) => {
    const file = join(settings.root, path)
    const text = readFileSync(file, "utf8")
    assert.include(text, from)
    writeFileSync(file, text.replace(from, to))
    return settings
  }

const files =
  (change: (images: string) => void): Change =>
  (settings) => {
    change(join(settings.root, "data/images"))
    return settings
  }

const moved: Change = (settings) => {
  const root = `${settings.root}-moved`
  cpSync(settings.root, root, { recursive: true })
  rmSync(settings.root, { recursive: true })
  return { ...settings, root }
}

const images = [/^files of images: [0-9a-f]{8} → [0-9a-f]{8}$/u]
const inFolder = [/^files of images: [0-9a-f]{8} → [0-9a-f]{8}, in nevus\/left$/u]
const rows = [/^input rows: [0-9a-f]{8} → [0-9a-f]{8}$/u]
const scaled = [/^input scaled: [0-9a-f]{8} → [0-9a-f]{8}$/u]
const below = { scale: rows, report: scaled }

const table: ReadonlyArray<readonly [string, Change, Expected]> = [
  ["nothing", (settings) => settings, {}],
  ["a parameter", (settings) => ({ ...settings, factor: 2 }), { scale: [/^factor: 1 → 2$/u], report: scaled }],
  ["a parameter that cannot change the output", (settings) => ({ ...settings, remark: "new" }), {}],
  ["a stage's code", edit("stages/report.ts", `"report"`, `"other"`), { report: [/^code: stages\/report\.ts$/u] }],
  ["a helper three files away", edit("src/c.ts", "1]", "2]"), { ingest: [/^code: src\/c\.ts$/u] }],
  ["an imported JSON file", edit("src/table.json", "1", "2"), { scale: [/^code: src\/table\.json$/u] }],
  ["a type only", edit("src/row.ts", "string", "number"), {}],
  ["a comment", edit("stages/ingest.ts", "export", "/** Reads. */\nexport"), {}],
  ["formatting", edit("src/c.ts", "[row, 1]", "[\n  row,\n  1\n]"), {}],
  ["an unused export", edit("stages/ingest.ts", "unused = 1", "unused = 2"), {}],
  [
    "a package",
    edit("package-lock.json", lock("1.0.0", "sha512-inner"), lock("1.1.0", "sha512-inner")),
    { scale: [/^package outer: 1\.0\.0 → 1\.1\.0$/u] }
  ],
  [
    "a package that a package needs",
    edit("package-lock.json", "sha512-inner", "sha512-new"),
    { scale: [/^package inner 1\.0\.0: other contents$/u] }
  ],
  ["a package that no stage imports", edit("package-lock.json", "sha512-other", "sha512-new"), {}],
  ["an image added", files((folder) => writeFileSync(join(folder, "3.jpg"), "three")), { ingest: images, ...below }],
  [
    "an image added in a folder",
    files((folder) => {
      mkdirSync(join(folder, "nevus", "left"), { recursive: true })
      writeFileSync(join(folder, "nevus", "left", "3.jpg"), "three")
    }),
    { ingest: inFolder, ...below }
  ],
  ["an image changed", files((folder) => writeFileSync(join(folder, "2.jpg"), "TWO")), { ingest: images, ...below }],
  ["an image removed", files((folder) => rmSync(join(folder, "2.jpg"))), { ingest: images, ...below }],
  [
    "an image renamed (what is made of it has no names: the rerun stops there)",
    files((folder) => renameSync(join(folder, "2.jpg"), join(folder, "9.jpg"))),
    { ingest: images }
  ],
  [
    "the order of rows (ingest sorts them: the rerun stops there)",
    edit("data/rows.csv", "1,benign\n2,malignant", "2,malignant\n1,benign"),
    { ingest: [/^files of table: [0-9a-f]{8} → [0-9a-f]{8}$/u] }
  ],
  ["a row", edit("data/rows.csv", "benign", "malignant"), { ingest: [/^files of table: /u], ...below }],
  ["a declared environment", (settings) => ({ ...settings, backend: "gpu" }), { scale: [/^backend: cpu → gpu$/u] }],
  [
    "a variable of the environment that no stage declares",
    (settings) => {
      process.env.DERMOGRAPH_TRUTH = String(Number(process.env.DERMOGRAPH_TRUTH ?? 0) + 1)
      return settings
    },
    {}
  ],
  ["another checkout folder", moved, {}]
]

describe("what runs after a change of", () => {
  for (const [title, change, expected] of table) {
    const stages = Object.keys(expected)
    it.live(`${title}: ${stages.length === 0 ? "nothing" : stages.join(", ")}`, () =>
      Effect.gen(function* () {
        const folder = temporaryFolder()
        const root = join(folder.path, "project")
        for (const [path, text] of Object.entries(project)) {
          mkdirSync(join(root, path, ".."), { recursive: true })
          writeFileSync(join(root, path), text)
        }
        const store = join(folder.path, "store")
        const before: Settings = { root, factor: 1, remark: "", backend: "cpu" }
        const first = yield* runAll(before, store, ["ingest", "scale", "report"])
        assert.deepStrictEqual(first.executed, ["ingest", "scale", "report"])
        const after = yield* runAll(change(before), store, stages)
        assert.deepStrictEqual(after.executed, stages)
        for (const [stage, patterns] of Object.entries(expected)) {
          const reasons: ReadonlyArray<string> = after.reasons[stage] ?? []
          assert.strictEqual(reasons.length, patterns.length, `${stage}: ${reasons.join("; ")}`)
          for (const [at, pattern] of patterns.entries()) assert.match(reasons[at]!, pattern)
        }
        // The plan said so before: the first of them runs, for these reasons; what is below it may.
        const [head] = stages
        const states = after.planned.nodes.map(({ name, state }) => [name, state] as const)
        for (const [name, state] of states) {
          if (name === head) assert.strictEqual(state, "run")
          else if (stages.includes(name)) assert.strictEqual(state, "unknown")
          else assert.include(head === undefined ? ["hit"] : ["hit", "unknown"], state)
        }
        folder.remove()
      })
    )
  }
})

/** The project behind a command: its pipelines, folder and store; a pipeline with its settings applied. */
import { existsSync, readFileSync } from "node:fs"
import { access } from "node:fs/promises"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { type Built, nodesOf, type Pipeline } from "../dag/pipeline.ts"
import type { AnyNode } from "../dag/stage.ts"
import { nearest } from "../dag/suggest.ts"
import { openStore } from "../store/store.ts"
import { SourceMissing } from "../store/tree.ts"
import type { Config } from "./config.ts"
import { BuildFailed, FileFault, UnknownPipeline } from "./errors.ts"
import { type Given, type Resolved, resolveSettings } from "./settings/resolve.ts"

/** The configuration that the command line was started with. */
export class Project extends Context.Service<Project, Config>()("dermograph/cli/Project") {}

/** Flags that say which pipeline with which settings, and where its store is. */
export interface Choice {
  readonly pipeline: string | undefined
  readonly set: ReadonlyArray<string>
  readonly config: string | undefined
  readonly store: string | undefined
}

export const rootOf = (config: Config): string => dirname(fileURLToPath(config.module))

/** The store's folder: as named, from the folder one is in, else `cache` in the project. */
export const storeOf = (config: Config, choice: Pick<Choice, "store">): string =>
  choice.store === undefined ? join(rootOf(config), "cache") : resolve(choice.store)

/** Opens a store that is there: a command that only looks at one makes none. */
export const openExisting = Effect.fnUntraced(function* (config: Config, choice: Pick<Choice, "store">) {
  const path = storeOf(config, choice)
  if (!existsSync(path)) {
    const mend = "run a pipeline first, or name the folder of a store"
    return yield* new FileFault({ flag: "--store", path, fault: "there is no store", mend })
  }
  return yield* openStore(path)
})

export const choosePipeline = (config: Config, name = config.default): Effect.Effect<Pipeline, UnknownPipeline> => {
  const found = config.pipelines.find((pipeline) => pipeline.name === name)
  if (found !== undefined) return Effect.succeed(found)
  const known = config.pipelines.map((pipeline) => pipeline.name)
  return Effect.fail(new UnknownPipeline({ given: name, known, suggestion: nearest(name, known) ?? null }))
}

const fileFault = (cause: unknown): string => {
  if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return "there is no such file"
  return cause instanceof Error ? cause.message : String(cause)
}

const readConfigFile = (path: string): Effect.Effect<NonNullable<Given["file"]>, FileFault> =>
  Effect.try({
    try: () => {
      const value: unknown = JSON.parse(readFileSync(path, "utf8"))
      if (typeof value !== "object" || value === null || Array.isArray(value))
        throw new Error("it holds no JSON object")
      const { $schema: _, ...settings } = value as Record<string, unknown>
      return { path, settings }
    },
    catch: (cause) =>
      new FileFault({
        flag: "--config",
        path,
        fault: fileFault(cause),
        mend: 'give a JSON file of settings, such as { "model": { "frozenLayers": 17 } }'
      })
  })

/** The settings of the chosen pipeline, from the file and the flags. */
export const settingsOf = Effect.fnUntraced(function* (config: Config, choice: Choice) {
  const pipeline = yield* choosePipeline(config, choice.pipeline)
  const file = choice.config === undefined ? undefined : yield* readConfigFile(choice.config)
  const given: Given = file === undefined ? { set: choice.set } : { set: choice.set, file }
  const resolved: Resolved = yield* Effect.fromResult(resolveSettings(pipeline, given))
  return { pipeline, resolved, file: file?.settings }
})

const known = new Set(["SettingError", "ParamsError", "DuplicateNode"])

type BuildError = Error & { readonly _tag: string }

/** What `build` throws for the user goes on as it is; anything else is an error of the pipeline's code. */
const buildError = (pipeline: string, cause: unknown): BuildError => {
  if (cause instanceof Error && "_tag" in cause && known.has(String(cause._tag))) return cause as BuildError
  const reason = cause instanceof Error ? cause.message : String(cause)
  const stack = cause instanceof Error && cause.stack !== undefined ? { stack: cause.stack } : {}
  return new BuildFailed({ pipeline, reason, ...stack })
}

export interface Wired {
  readonly pipeline: Pipeline
  readonly built: Built
  /** Every node after its inputs. */
  readonly nodes: ReadonlyArray<AnyNode>
  readonly resolved: Resolved
}

/** Every file or folder that a node reads must be there, before anything runs or the store is touched. */
const checkSources = Effect.fnUntraced(function* (nodes: ReadonlyArray<AnyNode>) {
  for (const node of nodes) {
    for (const [name, path] of Object.entries(node.stage.sources(node.params))) {
      const absolute = resolve(path)
      yield* Effect.tryPromise({
        try: () => access(absolute),
        catch: () => new SourceMissing({ source: `${node.name}: ${name}`, path: absolute })
      })
    }
  }
})

/** The chosen pipeline, its settings decoded and its nodes wired. */
export const wire = Effect.fnUntraced(function* (config: Config, choice: Choice) {
  const { pipeline, resolved } = yield* settingsOf(config, choice)
  const wired = yield* Effect.try({
    try: () => {
      const built = pipeline.build(resolved.decoded)
      return { built, nodes: nodesOf(built.targets) }
    },
    catch: (cause) => buildError(pipeline.name, cause)
  })
  yield* checkSources(wired.nodes)
  return { pipeline, resolved, ...wired } satisfies Wired
})

/**
 * Shell completion with the values that this project knows: pipelines, their nodes, settings with their defaults and with
 * every value that their schema writes out.
 */
import * as Completions from "effect/cli/Completions"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { nodesOf, type Pipeline } from "../dag/pipeline.ts"
import type { Config } from "./config.ts"
import { leavesOf, settingsTree, valuesOf } from "./settings/tree.ts"
import { print } from "./text/terminal.ts"

type Type = Completions.FlagType & Completions.ArgumentType

const choice = (values: Iterable<string>): Type => ({ _tag: "Choice", values: [...new Set(values)] })
const path = (pathType: "file" | "directory" | "either"): Type => ({ _tag: "Path", pathType })

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

/** The defaults as a user would write them; undefined where a setting has none. */
const defaultsOf = ({ settings }: Pipeline): ((path: string) => unknown) => {
  const decoded = Schema.decodeUnknownOption(settings)({})
  const encoded = Option.map(decoded, Schema.encodeSync(Schema.toCodecJson(settings)))
  return (path) =>
    path.split(".").reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), Option.getOrUndefined(encoded))
}

/** "path=value" for every value that is known; the default, to be changed, where none is. */
const assignments = (pipeline: Pipeline): ReadonlyArray<string> => {
  const standard = defaultsOf(pipeline)
  return leavesOf(settingsTree(pipeline.settings)).flatMap(([path, { ast }]) => {
    const known = valuesOf(ast)
    const value = standard(path)
    const shown = value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value)
    return known.length > 0 ? known.map((value) => `${path}=${value}`) : [`${path}=${shown}`]
  })
}

/** Under the default settings; none where a pipeline needs more than them. */
const nodesByDefault = ({ settings, build }: Pipeline): ReadonlyArray<string> => {
  try {
    return nodesOf(build(Schema.decodeUnknownSync(settings)({})).targets).map(({ name }) => name)
  } catch {
    return []
  }
}

const typesFor = ({ pipelines }: Config) => {
  const nodes = choice(pipelines.flatMap(nodesByDefault))
  const runs = choice(["last", "previous"])
  const flags: Readonly<Record<string, Type>> = {
    pipeline: choice(pipelines.map(({ name }) => name)),
    set: choice(pipelines.flatMap(assignments)),
    ...Object.fromEntries(["node", "only", "from", "until", "downstream", "force"].map((flag) => [flag, nodes])),
    ...Object.fromEntries(["run", "against", "keep"].map((flag) => [flag, runs])),
    config: path("file"),
    csv: path("file"),
    ...Object.fromEntries(["store", "to", "cam"].map((flag) => [flag, path("directory")]))
  }
  const args: Readonly<Record<string, Type>> = { node: nodes, path: path("either"), from: runs, to: runs }
  return { flags, args }
}

/** What is a plain text to the command line and has values that are known gets them. */
const withValues = (
  descriptor: Completions.CommandDescriptor,
  types: ReturnType<typeof typesFor>
): Completions.CommandDescriptor => ({
  ...descriptor,
  flags: descriptor.flags.map((flag) =>
    flag.type._tag === "String" ? { ...flag, type: types.flags[flag.name] ?? flag.type } : flag
  ),
  arguments: descriptor.arguments.map((argument) =>
    argument.type._tag === "String" ? { ...argument, type: types.args[argument.name] ?? argument.type } : argument
  ),
  subcommands: descriptor.subcommands.map((below) => withValues(below, types))
})

/** `--completions SHELL`. */
export const completionsFlag = (config: Config): typeof GlobalFlag.Completions => ({
  ...GlobalFlag.Completions,
  run: (shell, { command }) =>
    Effect.sync(() => {
      if (Option.isNone(shell)) return
      const descriptor = withValues(Completions.fromCommand(command), typesFor(config))
      print(Completions.generate(command.name, shell.value, descriptor))
    })
})

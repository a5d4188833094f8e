/** The commands about the store and its books: runs, diff, gc, store check. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { atLeast, jsonFlag, optionalInt, optionalText, storeFlag } from "../flags.ts"
import { type Context, exampleOf, lazily, oneObject } from "./shared.ts"

const runs = ({ program }: Context) =>
  Command.make(
    "runs",
    {
      ...storeFlag,
      pipeline: Flag.String("pipeline").pipe(
        Flag.withAlias("p"),
        Flag.withMetavar("NAME"),
        Flag.withDescription("Only the runs of this pipeline"),
        optionalText
      ),
      last: Flag.Int("last").pipe(
        Flag.withMetavar("N"),
        Flag.withDescription("How many runs to list (default: 20)"),
        atLeast(1),
        Flag.withDefault(20)
      ),
      ...jsonFlag(oneObject)
    },
    (flags) =>
      lazily(
        () => import("../commands/runs.ts"),
        (module) => module.runs(flags)
      )
  ).pipe(
    Command.withDescription("The latest runs: what ran, how it ended, the verdict"),
    Command.withExamples([exampleOf(program)("runs --last 5", "The five latest")])
  )

const runArgument = (name: string) =>
  Argument.String(name).pipe(Argument.withDescription("A run's name, its beginning or end, `last` or `previous`"))

const diff = ({ program }: Context) =>
  Command.make(
    "diff",
    { from: runArgument("from"), to: runArgument("to"), ...storeFlag, ...jsonFlag(oneObject) },
    (flags) =>
      lazily(
        () => import("../commands/diff.ts"),
        (module) => module.diff(flags)
      )
  ).pipe(
    Command.withDescription("What differs between two runs: settings, parameters, inputs, code, packages, durations"),
    Command.withExamples([exampleOf(program)("diff previous last", "What the last run changed")])
  )

const gc = ({ program }: Context) => {
  const example = exampleOf(program)
  return Command.make(
    "gc",
    {
      ...storeFlag,
      keepLast: Flag.Int("keep-last").pipe(
        Flag.withMetavar("N"),
        Flag.withDescription("Keep what the latest N runs need (default: 10)"),
        atLeast(0),
        Flag.withDefault(10)
      ),
      keep: Flag.String("keep").pipe(
        Flag.withMetavar("RUN"),
        Flag.withDescription("Keep what this run needs. May be repeated"),
        Flag.atLeast(0)
      ),
      keepDays: Flag.Int("keep-days").pipe(
        Flag.withMetavar("DAYS"),
        Flag.withDescription("Keep what the runs of the last days need"),
        atLeast(0),
        optionalInt
      ),
      dry: Flag.Boolean("dry").pipe(
        Flag.withDescription("Only tell what would be dropped: the default on a terminal; --no-dry drops it"),
        Flag.optional,
        Flag.map((given) => (given._tag === "Some" ? given.value : undefined))
      ),
      ...jsonFlag(oneObject)
    },
    (flags) =>
      lazily(
        () => import("../commands/gc.ts"),
        (module) => module.gc(flags)
      )
  ).pipe(
    Command.withDescription("Drop outputs, traces and checkpoints that no kept run needs; reports stay"),
    Command.withExamples([
      example("gc --dry", "What would be dropped"),
      example(
        "gc --keep-last 3 --keep 20261124-034231-466c0 --no-dry",
        "Keep three runs and one by name, drop the rest"
      )
    ])
  )
}

const store = ({ program }: Context) =>
  Command.make("store").pipe(
    Command.withDescription("The store itself"),
    Command.withSubcommands([
      Command.make("check", { ...storeFlag, ...jsonFlag(oneObject) }, (flags) =>
        lazily(
          () => import("../commands/store-check.ts"),
          (module) => module.storeCheck(flags)
        )
      ).pipe(
        Command.withDescription("Verify every byte of the store; what is damaged is moved aside"),
        Command.withExamples([exampleOf(program)("store check", "Verify the default store")])
      )
    ])
  )

export const bookCommands = (context: Context) => [runs(context), diff(context), gc(context), store(context)] as const

/** The commands about a pipeline: run, data, plan, explain, graph, verify. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import {
  againstFlag,
  concurrencyFlag,
  jsonFlag,
  pipelineFlags,
  selectionFlags,
  storeFlag,
  switchFlag,
  verifyFlag
} from "../flags.ts"
import { type Context, exampleOf, lazily, oneObject } from "./shared.ts"

const run = ({ config, program }: Context) => {
  const example = exampleOf(program)
  return Command.make(
    "run",
    {
      ...pipelineFlags(config),
      ...storeFlag,
      ...selectionFlags,
      concurrency: concurrencyFlag,
      verify: verifyFlag,
      keepGoing: switchFlag("keep-going", "After a failure, go on with what does not depend on it"),
      ...jsonFlag("One event a line on standard output, the last one RunFinished")
    },
    (flags) =>
      lazily(
        () => import("../commands/run.ts"),
        (module) => module.run(flags)
      )
  ).pipe(
    Command.withDescription("Make what is not up to date, and say how it ended"),
    Command.withExamples([
      example("run", `Run the pipeline ${config.default}`),
      example("run --set model.frozenLayers=3", "With another setting: only what it can affect runs again"),
      example("run --from 'fine-tune:*' --force 'fine-tune:*'", "Train anew, and what follows from it"),
      example("run --json | jq -r ._tag", "Follow the events from a program")
    ])
  )
}

const plan = ({ config, program }: Context) => {
  const example = exampleOf(program)
  return Command.make(
    "plan",
    { ...pipelineFlags(config), ...storeFlag, ...selectionFlags, ...jsonFlag(oneObject) },
    (flags) =>
      lazily(
        () => import("../commands/plan.ts"),
        (module) => module.plan(flags)
      )
  ).pipe(
    Command.withDescription("What a run would do, and why, without doing it"),
    Command.withExamples([
      example("plan", "What is up to date and what is not"),
      example("plan --set model.frozenLayers=3", "What a change of a setting would run")
    ])
  )
}

const explain = ({ config, program }: Context) =>
  Command.make(
    "explain",
    {
      node: Argument.String("node").pipe(Argument.withDescription("A node of the pipeline; `plan` lists them")),
      ...pipelineFlags(config),
      ...storeFlag,
      against: againstFlag,
      ...jsonFlag(oneObject)
    },
    (flags) =>
      lazily(
        () => import("../commands/explain.ts"),
        (module) => module.explain(flags)
      )
  ).pipe(
    Command.withDescription("Why a node is up to date or must run: every part of its key, old and new"),
    Command.withExamples([
      exampleOf(program)("explain compare-with-gan", "The node's key record, last run and output"),
      exampleOf(program)("explain compare-with-gan --against previous", "What is other than in the run before the last")
    ])
  )

const graph = ({ config, program }: Context) => {
  const example = exampleOf(program)
  return Command.make(
    "graph",
    {
      ...pipelineFlags(config),
      ...storeFlag,
      dot: switchFlag("dot", "Graphviz instead of Mermaid"),
      ...jsonFlag(oneObject)
    },
    (flags) =>
      lazily(
        () => import("../commands/graph.ts"),
        (module) => module.graph(flags)
      )
  ).pipe(
    Command.withDescription("The pipeline as a Mermaid flowchart, coloured by what a run would do"),
    Command.withExamples([
      example("graph", "Put it into a Markdown file, in a ```mermaid block"),
      example("graph --dot | dot -Tsvg > graph.svg", "Draw it with Graphviz")
    ])
  )
}

const verify = ({ config, program }: Context) => {
  const example = exampleOf(program)
  return Command.make(
    "verify",
    {
      nodes: Argument.String("node").pipe(
        Argument.withDescription("Nodes to make again; without one, all that are in the store"),
        Argument.variadic({ min: 0 })
      ),
      ...pipelineFlags(config),
      ...storeFlag,
      concurrency: concurrencyFlag,
      ...jsonFlag(oneObject)
    },
    (flags) =>
      lazily(
        () => import("../commands/verify.ts"),
        (module) => module.verify(flags)
      )
  ).pipe(
    Command.withDescription("Make outputs again, elsewhere and from the same inputs, and compare the bytes"),
    Command.withExamples([
      example("verify split", "Whether the split comes out the same"),
      example("verify --pipeline fixture", "Whether a whole pipeline does")
    ])
  )
}

const data = ({ config, program }: Context) => {
  const example = exampleOf(program)
  return Command.make(
    "data",
    { ...pipelineFlags(config), ...storeFlag, concurrency: concurrencyFlag, ...jsonFlag(oneObject) },
    (flags) =>
      lazily(
        () => import("../commands/data.ts"),
        (module) => module.data(flags)
      )
  ).pipe(
    Command.withDescription(
      "What is in your folders, how it would be split and what is suspicious, before any training"
    ),
    Command.withExamples([
      example("data --set data.real=FOLDER", "Classes, groups, sizes, duplicates, the split, a contact sheet"),
      example("data --set data.real=FOLDER --set data.synthetic=FOLDER", "And what the generator was trained on")
    ])
  )
}

export const pipelineCommands = (context: Context) =>
  [run(context), data(context), plan(context), explain(context), graph(context), verify(context)] as const

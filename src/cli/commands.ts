/** The tree of commands. What a command needs is loaded when it is used. */
import * as Command from "effect/cli/Command"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import { switchFlag } from "./flags.ts"
import { bookCommands } from "./tree/books.ts"
import { modelCommands } from "./tree/models.ts"
import { pipelineCommands } from "./tree/pipeline.ts"
import { projectCommands } from "./tree/project.ts"
import { type Context, exampleOf } from "./tree/shared.ts"

/** Shown on every command; read from the command line before it is parsed (see program.ts). */
const Debug = GlobalFlag.Setting("debug")({ flag: switchFlag("debug", "Show the stack of an error") })

export const commandTree = (context: Context) => {
  const example = exampleOf(context.program)
  const { models } = context.config
  return Command.make(context.program).pipe(
    Command.withDescription(
      "Trains a melanoma classifier as a graph of cached stages, and says whether a GAN's images helped"
    ),
    Command.withSubcommands([
      { group: "Pipelines", commands: pipelineCommands(context) },
      ...(models === undefined ? [] : [{ group: "Trained networks", commands: modelCommands(context, models) }]),
      { group: "The store and its books", commands: bookCommands(context) },
      { group: "The project", commands: projectCommands(context) }
    ]),
    Command.withGlobalFlags([Debug]),
    Command.withExamples([
      example("run", "Run the default pipeline on its embedded data"),
      example("plan --set model.frozenLayers=3", "What a change would run, and why"),
      example("run --pipeline melanoma --set data.real=FOLDER --set data.synthetic=FOLDER", "Your own images")
    ])
  )
}

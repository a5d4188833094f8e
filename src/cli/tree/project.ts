/** The commands about the project: config show, config schema, doctor. */
import * as Command from "effect/cli/Command"
import { jsonFlag, pipelineFlags, storeFlag } from "../flags.ts"
import { type Context, exampleOf, lazily, oneObject } from "./shared.ts"

const config = ({ config, program }: Context) => {
  const example = exampleOf(program)
  const { pipeline, ...given } = pipelineFlags(config)
  return Command.make("config").pipe(
    Command.withDescription("The settings of a pipeline"),
    Command.withSubcommands([
      Command.make("show", { pipeline, ...given, ...jsonFlag(oneObject) }, (flags) =>
        lazily(
          () => import("../commands/config.ts"),
          (module) => module.configShow({ ...flags, store: undefined })
        )
      ).pipe(
        Command.withDescription("Every setting: its value, where that comes from, what it means"),
        Command.withExamples([example("config show --pipeline melanoma", "The settings of another pipeline")])
      ),
      Command.make("schema", { pipeline }, (flags) =>
        lazily(
          () => import("../commands/config.ts"),
          (module) => module.configSchema(flags)
        )
      ).pipe(
        Command.withDescription("JSON Schema of a --config file, for an editor"),
        Command.withExamples([
          example(
            "config schema > settings.schema.json",
            'Name it in the file: { "$schema": "./settings.schema.json" }'
          )
        ])
      )
    ])
  )
}

const doctor = ({ program }: Context) =>
  Command.make("doctor", { ...storeFlag, ...jsonFlag(oneObject) }, (flags) =>
    lazily(
      () => import("../commands/doctor.ts"),
      (module) => module.doctor(flags)
    )
  ).pipe(
    Command.withDescription("Whether this machine is fit for a run, and what would make it so"),
    Command.withExamples([exampleOf(program)("doctor", "Node, memory, disk, the store, what computes")])
  )

export const projectCommands = (context: Context) => [config(context), doctor(context)] as const

/** The commands about trained networks: predict, export. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import type { Models } from "../config.ts"
import { jsonFlag, optionalText, storeFlag } from "../flags.ts"
import { type Context, exampleOf, lazily, oneObject } from "./shared.ts"

const text = (name: string, metavar: string, description: string) =>
  Flag.String(name).pipe(Flag.withMetavar(metavar), Flag.withDescription(description), optionalText)

/** Which network. */
const choice = ({ stage }: Models) => ({
  pipeline: text("pipeline", "NAME", "Only runs of this pipeline").pipe(Flag.withAlias("p")),
  run: text("run", "RUN", "A run's name, `last` or `previous` (default: the latest that trained a network)"),
  node: text("node", "NODE", `Which network, such as ${stage}:real:2 (default: the run's first)`),
  ...storeFlag
})

const predict = ({ program }: Context, models: Models) => {
  const example = exampleOf(program)
  return Command.make(
    "predict",
    {
      paths: Argument.String("path").pipe(
        Argument.withDescription("Images, or folders of them"),
        Argument.variadic({ min: 1 })
      ),
      ...choice(models),
      csv: text("csv", "FILE.csv", "Write the predictions to a CSV file as well"),
      cam: text("cam", "DIR", "Write a picture of where the network looked (Grad-CAM) for every image"),
      ...jsonFlag(oneObject)
    },
    (flags) =>
      lazily(
        () => import("../commands/predict.ts"),
        (module) => module.predict(models)(flags)
      )
  ).pipe(
    Command.withDescription("What a trained network says of images: probability, and the call at its threshold"),
    Command.withExamples([
      example("predict lesion.jpg", "One image, by the latest run's first network"),
      example(`predict FOLDER --node ${models.stage}:real:2 --csv predictions.csv --cam cam`, "A folder")
    ])
  )
}

const exportCommand = ({ program }: Context, models: Models) => {
  const example = exampleOf(program)
  return Command.make(
    "export",
    {
      format: Argument.Literals("format", models.formats).pipe(
        Argument.withDescription(models.formatsHelp ?? models.formats.join(", "))
      ),
      to: Flag.String("to").pipe(Flag.withMetavar("DIR"), Flag.withDescription("Folder for the files")),
      ...choice(models),
      ...jsonFlag(oneObject)
    },
    (flags) =>
      lazily(
        () => import("../commands/export.ts"),
        (module) => module.exportModel(models)(flags)
      )
  ).pipe(
    Command.withDescription("A trained network as files for other programs, read back and compared"),
    Command.withExamples([
      example("export tfjs --to web/model", "For tf.loadLayersModel in a browser"),
      example(`export safetensors --to weights --node ${models.stage}:real:2`, "torchvision's names, for PyTorch")
    ])
  )
}

export const modelCommands = (context: Context, models: Models) =>
  [predict(context, models), exportCommand(context, models)] as const

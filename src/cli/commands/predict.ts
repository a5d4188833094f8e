/** `predict`: what a trained network says of images. */
import { dirname } from "node:path"
import * as Effect from "effect/Effect"
import { writeAtomic } from "../../store/files.ts"
import type { Models, Told } from "../config.ts"
import { Ended } from "../errors.ts"
import { openExisting, Project } from "../project.ts"
import { print, printError, printJson, style } from "../text/terminal.ts"
import { table } from "../text/width.ts"
import { findTrained, type ModelChoice } from "../trained.ts"

export interface ModelFlags extends ModelChoice {
  readonly store: string | undefined
  readonly json: boolean
}

export interface PredictFlags extends ModelFlags {
  readonly paths: ReadonlyArray<string>
  readonly csv: string | undefined
  readonly cam: string | undefined
}

export const openModel = Effect.fnUntraced(function* (models: Models, flags: ModelFlags) {
  const store = yield* openExisting(yield* Project, flags)
  const model = yield* findTrained(store, models.stage, flags)
  return { model, tools: yield* Effect.promise(models.load) }
})

/** Shows how it ended. What was left out is said, and the command ends with 1. */
export const tell = Effect.fnUntraced(function* (told: Told, json: boolean) {
  if (json) printJson(told.data)
  else {
    const [heading = [], ...rows] = told.table
    const cells = heading.length === 0 ? rows : [heading.map((title) => style("dim", title)), ...rows]
    for (const line of [...told.lines, ...(cells.length === 0 ? [] : ["", ...table(cells)])]) print(line)
  }
  for (const fault of told.faults) printError(fault)
  if (told.faults.length > 0) return yield* new Ended({ code: 1 })
})

/** A count on the terminal's error stream, taken away at the end; nothing where it is no terminal. */
const counter = () => {
  const shown = process.stderr.isTTY === true
  return {
    onProgress: (done: number, total: number) => {
      if (shown) process.stderr.write(`\r\u001B[K${done} of ${total} images`)
    },
    close: Effect.sync(() => {
      if (shown) process.stderr.write("\r\u001B[K")
    })
  }
}

export const predict = (models: Models) =>
  Effect.fnUntraced(function* (flags: PredictFlags) {
    const { model, tools } = yield* openModel(models, flags)
    const { onProgress, close } = counter()
    const told = yield* tools
      .predict(model, { paths: flags.paths, cam: flags.cam, onProgress })
      .pipe(Effect.ensuring(close))
    if (flags.csv !== undefined) yield* writeAtomic(flags.csv, told.csv, dirname(flags.csv))
    yield* tell(told, flags.json)
  })

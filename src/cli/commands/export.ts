/** `export`: a trained network as files of another program's, read back and compared before they count. */
import { resolve } from "node:path"
import * as Effect from "effect/Effect"
import type { Models } from "../config.ts"
import { type ModelFlags, openModel, tell } from "./predict.ts"

export interface ExportFlags extends ModelFlags {
  readonly format: string
  readonly to: string
}

export const exportModel = (models: Models) =>
  Effect.fnUntraced(function* (flags: ExportFlags) {
    const { model, tools } = yield* openModel(models, flags)
    yield* tell(yield* tools.export(model, { format: flags.format, to: resolve(flags.to) }), flags.json)
  })

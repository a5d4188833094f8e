/** Lists of transforms as a pipeline's settings hold them. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { readAlbumentations } from "../src/image/albumentations.ts"
import { PresetName } from "../src/image/presets.ts"
import { byName, type TransformSchema, Transforms } from "../src/image/transforms/transform.ts"

export { PresetName, Transforms }

/** A preset by name, or a list. */
export const TransformList = Schema.Union([PresetName, Transforms])
export type TransformList = typeof TransformList.Type

/** The schema of each transform, composition or not, by its name. */
export const transformsByName = byName
export type { TransformSchema }

/** What `A.to_dict` of albumentations wrote, called `name` by errors; a failure names all that cannot be honoured. */
export const fromAlbumentations = (document: unknown, name: string) =>
  Effect.runSync(Effect.result(readAlbumentations(document, { name })))

/** As plain JSON, for the report. */
export const transformsAsJson = Schema.encodeSync(Schema.toCodecJson(Transforms))

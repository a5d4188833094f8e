/** The list of transforms that the settings mean: a preset, a list, or a file that albumentations wrote. */
import { readFileSync } from "node:fs"
import { basename } from "node:path"
import * as Result from "effect/Result"
import { SettingError } from "../src/dag/pipeline.ts"
import { fromAlbumentations, type TransformList, transformsAsJson } from "../stages/transform-list.ts"
import type { Settings } from "./settings.ts"

const wrong = (fault: string, mend: string): SettingError =>
  new SettingError({ setting: "augment.transforms", fault, mend })

const readJson = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, "utf8"))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw wrong(
      `${path}: ${reason}`,
      "give a list of transforms as JSON, or the path of a file with json.dumps(A.to_dict(pipeline))"
    )
  }
}

/** Throws `SettingError`, which names all that cannot be honoured. */
export const transformsOf = ({ augment: { preset, transforms } }: Pick<Settings, "augment">): TransformList => {
  if (transforms === undefined) return preset
  if (typeof transforms !== "string") return transforms
  const read = fromAlbumentations(readJson(transforms), basename(transforms))
  if (Result.isFailure(read)) throw wrong(`${read.failure.place}: ${read.failure.fault}`, read.failure.mend)
  return read.success.transforms
}

/** The section as the report shows it: the preset, or in its place each transform of the list, wherever that came from. */
export const shownAugment = ({ augment }: Pick<Settings, "augment">) => {
  const { preset, transforms: given, ...sampling } = augment
  const applied = transformsOf({ augment })
  return typeof applied === "string"
    ? { preset: applied, ...sampling }
    : { transforms: transformsAsJson(applied), ...sampling }
}

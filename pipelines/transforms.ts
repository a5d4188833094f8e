/** The list of transforms that the settings mean: a preset, a list, or a file with one or with what albumentations wrote. */
import { readFileSync } from "node:fs"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { SettingError } from "../src/dag/pipeline.ts"
import {
  fromAlbumentations,
  PresetName,
  type TransformList,
  Transforms,
  transformsAsJson
} from "../stages/transform-list.ts"
import type { Settings } from "./settings.ts"
import { listMend, transformsFault } from "./transform-faults.ts"

const setting = "augment.transforms"

const wrong = (fault: string, mend: string): SettingError => new SettingError({ setting, fault, mend })

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** A file's list is in no setting: its faults are named by the file and the place in it. */
const listOf = (given: unknown, file?: string): Transforms => {
  const fault = transformsFault(given, file === undefined ? setting : "")
  if (fault === undefined) return Schema.decodeUnknownSync(Transforms)(given)
  if (file === undefined) throw new SettingError({ setting: fault.place, fault: fault.fault, mend: fault.mend })
  throw wrong(`${file}: ${fault.place}: ${fault.fault}`, fault.mend)
}

/** What `A.to_dict` wrote is an object with the pipeline as `transform`. */
const pipelineOf = (document: unknown, name: string): Transforms => {
  if (typeof document !== "object" || document === null || !("transform" in document)) {
    throw wrong(`${name}: it holds neither a list of transforms nor what A.to_dict wrote`, listMend)
  }
  const read = fromAlbumentations(document, name)
  if (Result.isFailure(read)) throw wrong(`${read.failure.place}: ${read.failure.fault}`, read.failure.mend)
  return read.success.transforms
}

const isPresetName = Schema.is(PresetName)

const readFile = (path: string): string => {
  if (isPresetName(path)) throw wrong(`${path} is a preset, no list`, `give augment.preset=${path}`)
  try {
    return readFileSync(path, "utf8")
  } catch (cause) {
    throw wrong(
      `${path}: ${messageOf(cause)}`,
      `give a list as JSON, or the path of a file with one or with json.dumps(A.to_dict(pipeline)); presets (${PresetName.literals.join(", ")}) are named by augment.preset`
    )
  }
}

const parse = (text: string, from: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw wrong(`${from} is no JSON: ${messageOf(cause)}`, listMend)
  }
}

/** Text that begins like JSON was meant as a list, not as a path. */
const looksLikeJson = (text: string): boolean => /^\s*[[{]/u.test(text)

/** Throws `SettingError`, which names all that cannot be honoured. */
export const transformsOf = ({ augment: { preset, transforms } }: Pick<Settings, "augment">): TransformList => {
  if (transforms === undefined) return preset
  if (typeof transforms !== "string") return listOf(transforms)
  if (looksLikeJson(transforms)) return listOf(parse(transforms, "it"))
  const document = parse(readFile(transforms), transforms)
  return Array.isArray(document) ? listOf(document, transforms) : pipelineOf(document, transforms)
}

/** The section as the report shows it: the preset, or in its place each transform of the list, wherever that came from. */
export const shownAugment = ({ augment }: Pick<Settings, "augment">) => {
  const { preset, transforms: given, ...sampling } = augment
  const applied = transformsOf({ augment })
  return typeof applied === "string"
    ? { preset: applied, ...sampling }
    : { transforms: transformsAsJson(applied), ...sampling }
}

/** What is wrong with a list of transforms: the first fault, with its place and the names that are known there. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { nearest } from "../src/dag/suggest.ts"
import { transformsByName as known, type TransformSchema } from "../stages/transform-list.ts"

export interface Fault {
  readonly place: string
  readonly fault: string
  readonly mend: string
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const shown = (value: unknown): string => {
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

const meant = (given: string, names: Iterable<string>): string => {
  const name = nearest(given, names)
  return name === undefined ? "" : `; did you mean ${name}?`
}

const transformsMend = `the transforms: ${[...known.keys()].join(", ")} (docs/transforms.md)`
export const listMend = 'give a list such as [{"_tag":"VerticalFlip","p":0.5}] (docs/transforms.md)'

/** The first value that does not fit the transform's own schema. */
const valueFault = (params: TransformSchema, value: unknown, place: string, mend: string): Fault | undefined => {
  const decoded = Schema.decodeUnknownResult(params, { reportInput: true })(value)
  if (Result.isSuccess(decoded)) return undefined
  const [first] = SchemaIssue.makeFormatterStandardSchemaV1()(decoded.failure.issue).issues
  const names = (first?.path ?? []).map((part) => String(typeof part === "object" ? part.key : part))
  const message = first?.message ?? "it does not fit"
  return {
    place: [place, ...names].join("."),
    fault: message.charAt(0).toLowerCase() + message.slice(1),
    mend
  }
}

const transformFault = (value: unknown, place: string): Fault | undefined => {
  if (!isObject(value)) return { place, fault: `${shown(value)} is no transform`, mend: listMend }
  const { _tag: tag } = value
  if (tag === undefined)
    return { place, fault: `it has no _tag, the transform's name: ${shown(value)}`, mend: listMend }
  const params = typeof tag === "string" ? known.get(tag) : undefined
  if (params === undefined) {
    const name = typeof tag === "string" ? tag : shown(tag)
    return {
      place: `${place}._tag`,
      fault: `there is no transform ${name}${meant(name, known.keys())}`,
      mend: transformsMend
    }
  }
  const names = Object.keys(params.fields).filter((name) => name !== "_tag")
  const mend = `parameters of ${tag}: ${names.join(", ")} (docs/transforms.md)`
  const excess = Object.keys(value).find((name) => name !== "_tag" && !names.includes(name))
  if (excess !== undefined) {
    const camel = excess.replace(/_([a-z])/gu, (_, letter: string) => letter.toUpperCase())
    return {
      place: `${place}.${excess}`,
      fault: `${tag} has no parameter ${excess}${meant(camel, names)}`,
      mend
    }
  }
  const inner = names.includes("transforms") && "transforms" in value ? value.transforms : []
  return transformsFault(inner, `${place}.transforms`) ?? valueFault(params, value, place, mend)
}

/** Undefined where it is a list of transforms. `place` is where the list stands; "" where that goes without saying. */
export const transformsFault = (list: unknown, place: string): Fault | undefined => {
  if (!Array.isArray(list)) return { place, fault: `${shown(list)} is no list of transforms`, mend: listMend }
  for (const [index, item] of list.entries()) {
    const fault = transformFault(item, place === "" ? `${index}` : `${place}.${index}`)
    if (fault !== undefined) return fault
  }
  return undefined
}

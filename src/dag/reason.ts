/** Why a node must run: the difference between the record of an earlier run and today's, field by field. */
import * as Schema from "effect/Schema"
import { rootFolder } from "../store/merkle.ts"
import type { KeyRecord } from "../store/trace.ts"

const Change = { from: Schema.NullOr(Schema.Json), to: Schema.NullOr(Schema.Json) }

export const Reason = Schema.TaggedUnion({
  FirstRun: {},
  ParamChanged: { path: Schema.String, ...Change },
  InputChanged: { input: Schema.String, ...Change },
  /** `folders`: those whose own files changed, where both runs are known to that depth. */
  SourceChanged: { source: Schema.String, ...Change, folders: Schema.optionalKey(Schema.Array(Schema.String)) },
  CodeChanged: { files: Schema.Array(Schema.String) },
  PackageChanged: { package: Schema.String, ...Change },
  EnvironmentChanged: { name: Schema.String, ...Change },
  StageChanged: { ...Change },
  OutputMissing: { digest: Schema.String },
  OutputAltered: { digest: Schema.String },
  TraceMissing: {},
  TraceDamaged: {},
  Forced: {},
  BelowRunning: { nodes: Schema.Array(Schema.String) },
  BelowFailed: { nodes: Schema.Array(Schema.String) },
  LeftOut: {},
  BelowLeftOut: { nodes: Schema.Array(Schema.String) }
})
export type Reason = typeof Reason.Type

const isObject = (value: unknown): value is Readonly<Record<string, Schema.Json>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

interface Difference {
  readonly path: string
  readonly from: Schema.Json | null
  readonly to: Schema.Json | null
}

/** Leaf by leaf; a list that differs in length is one difference, else its elements are compared. */
export const differences = (
  from: Schema.Json | undefined,
  to: Schema.Json | undefined,
  path = ""
): ReadonlyArray<Difference> => {
  if (from === to) return []
  const below = (name: string) => (path === "" ? name : `${path}.${name}`)
  if (isObject(from) && isObject(to)) {
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort()
    return names.flatMap((name) => differences(from[name], to[name], below(name)))
  }
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length) {
    return from.flatMap((item, at) => differences(item, to[at], `${path}[${at}]`))
  }
  if (Array.isArray(from) && Array.isArray(to) && JSON.stringify(from) === JSON.stringify(to)) return []
  return [{ path, from: from ?? null, to: to ?? null }]
}

export interface Recorded {
  readonly record: KeyRecord
  readonly files: Readonly<Record<string, string>>
  readonly folders?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** Every field in which today's record differs from the last one. Empty where they are equal. */
export const compare = (last: Recorded, now: Recorded): ReadonlyArray<Reason> => {
  const reasons: Array<Reason> = []
  const { record: was } = last
  const { record: is } = now
  if (was.stage !== is.stage) reasons.push({ _tag: "StageChanged", from: was.stage, to: is.stage })
  for (const { path, from, to } of differences(was.params, is.params)) {
    reasons.push({ _tag: "ParamChanged", path, from, to })
  }
  const fields = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>) =>
    [...new Set([...Object.keys(a), ...Object.keys(b)])]
      .sort()
      .filter((name) => a[name] !== b[name])
      .map((name) => ({ name, from: a[name] ?? null, to: b[name] ?? null }))
  if (was.code !== is.code) {
    reasons.push({ _tag: "CodeChanged", files: fields(last.files, now.files).map(({ name }) => name) })
  }
  for (const { name, from, to } of fields(was.sources, is.sources)) {
    const [before, after] = [last.folders?.[name], now.folders?.[name]]
    const folders =
      before === undefined || after === undefined ? {} : { folders: fields(before, after).map((folder) => folder.name) }
    reasons.push({ _tag: "SourceChanged", source: name, from, to, ...folders })
  }
  for (const { name, from, to } of fields(was.inputs, is.inputs)) {
    reasons.push({ _tag: "InputChanged", input: name, from, to })
  }
  for (const { name, from, to } of fields(was.packages, is.packages)) {
    reasons.push({ _tag: "PackageChanged", package: name, from, to })
  }
  for (const { name, from, to } of fields(was.environment, is.environment)) {
    reasons.push({ _tag: "EnvironmentChanged", name, from, to })
  }
  return reasons
}

const whole = (value: Schema.Json | null): string => {
  if (value === null) return "nothing"
  if (typeof value === "string") return /^[0-9a-f]{64}$/u.test(value) ? value.slice(0, 8) : value
  return JSON.stringify(value)
}

const short = (value: Schema.Json | null): string => {
  const text = whole(value)
  return typeof value !== "string" && text.length > 60 ? `${text.slice(0, 57)}...` : text
}

const version = (value: Schema.Json | null): string =>
  typeof value === "string" ? value.split(" ")[0]! : "not installed"

const foldersShown = 3

/** Nothing is said of a folder without folders. */
const within = (folders: ReadonlyArray<string>): string => {
  if (folders.every((folder) => folder === rootFolder)) return ""
  const more = folders.length - foldersShown
  const rest = more > 0 ? ` and ${more} more ${more === 1 ? "folder" : "folders"}` : ""
  return `, in ${folders.slice(0, foldersShown).join(", ")}${rest}`
}

/** One line for a person; a long value is cut. */
export const describe: (reason: Reason) => string = Reason.match({
  FirstRun: () => "it has not run before",
  ParamChanged: ({ path, from, to }) => `${path}: ${short(from)} → ${short(to)}`,
  InputChanged: ({ input, from, to }) => `input ${input}: ${short(from)} → ${short(to)}`,
  SourceChanged: ({ source, from, to, folders = [] }) =>
    `files of ${source}: ${short(from)} → ${short(to)}${within(folders)}`,
  CodeChanged: ({ files }) => (files.length === 0 ? "its code changed" : `code: ${files.join(", ")}`),
  PackageChanged: ({ package: name, from, to }) =>
    version(from) === version(to)
      ? `package ${name} ${version(to)}: other contents`
      : `package ${name}: ${version(from)} → ${version(to)}`,
  EnvironmentChanged: ({ name, from, to }) => `${name}: ${short(from)} → ${short(to)}`,
  StageChanged: ({ from, to }) => `stage: ${short(from)} → ${short(to)}`,
  OutputMissing: ({ digest }) => `its output ${digest.slice(0, 8)} is no longer in the store`,
  OutputAltered: ({ digest }) => `its output ${digest.slice(0, 8)} was damaged in the store`,
  TraceMissing: () => "its trace is no longer in the store",
  TraceDamaged: () => "its trace was damaged in the store",
  Forced: () => "it was asked for with --force",
  BelowRunning: ({ nodes }) => `known when ${nodes.join(", ")} ${nodes.length === 1 ? "has" : "have"} run`,
  BelowFailed: ({ nodes }) => `${nodes.join(", ")} did not succeed`,
  LeftOut: () => "left out by the selection",
  BelowLeftOut: ({ nodes }) => `${nodes.join(", ")} is left out by the selection and has no output`
})

/** The same, with the values of a parameter whole however long they are. */
export const describeInFull = (reason: Reason): string =>
  reason._tag === "ParamChanged" ? `${reason.path}: ${whole(reason.from)} → ${whole(reason.to)}` : describe(reason)

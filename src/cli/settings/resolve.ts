/** From `--set path=value` and a configuration file to the decoded settings of a pipeline. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import * as SchemaIssue from "effect/SchemaIssue"
import type { Pipeline } from "../../dag/pipeline.ts"
import { InvalidSetting, MalformedSetting, MissingSetting, type SettingFault } from "./errors.ts"
import { find } from "./find.ts"
import { leavesOf, type Section, settingsTree, valuesOf } from "./tree.ts"

export interface Given {
  /** Each `path=value`, in order: a later one wins. */
  readonly set: ReadonlyArray<string>
  /** A configuration file and what it holds. `--set` wins over it. */
  readonly file?: { readonly path: string; readonly settings: Readonly<Record<string, unknown>> }
}

export interface Resolved {
  readonly decoded: unknown
  /** Leaf path → where its value comes from; the other leaves have their defaults. */
  readonly origins: ReadonlyMap<string, string>
}

type Mutable = Record<string, unknown>

const isObject = (value: unknown): value is Mutable =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Puts a value at a path, keeping what stands beside it. An object given for a section is laid over it. */
const assign = (into: Mutable, names: ReadonlyArray<string>, value: unknown): void => {
  const [name, ...rest] = names
  if (name === undefined || name === "__proto__") return
  if (rest.length > 0) {
    if (!isObject(into[name])) into[name] = {}
    assign(into[name] as Mutable, rest, value)
  } else if (isObject(value) && isObject(into[name])) {
    for (const [key, item] of Object.entries(value)) assign(into[name] as Mutable, [key], item)
  } else into[name] = isObject(value) ? structuredClone(value) : value
}

/** Paths of what an object gives, down to the leaves of the tree. */
const givenPaths = (value: unknown, path: string): ReadonlyArray<string> =>
  isObject(value) && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([name, below]) => givenPaths(below, path === "" ? name : `${path}.${name}`))
    : [path]

const strict = { errors: "all", onExcessProperty: "error", reportInput: true } as const

type Problem = { readonly kind: "missing" | "excess" | "invalid"; readonly path: string; readonly message: string }

const problemsOf = (issue: SchemaIssue.Issue): ReadonlyArray<Problem> => {
  const kinds = { MissingKey: "missing", UnexpectedKey: "excess" } as const
  const format = SchemaIssue.makeFormatterStandardSchemaV1({
    leafHook: (leaf) =>
      leaf._tag === "MissingKey" || leaf._tag === "UnexpectedKey" ? kinds[leaf._tag] : SchemaIssue.defaultLeafHook(leaf)
  })
  return format(issue).issues.map(({ message, path = [] }) => {
    const names = path.map((part) => String(typeof part === "object" ? part.key : part))
    const kind = message === "missing" || message === "excess" ? message : "invalid"
    return { kind, path: names.join("."), message: message.charAt(0).toLowerCase() + message.slice(1) }
  })
}

const parseJson = (text: string): Result.Result<unknown, unknown> => Result.try(() => JSON.parse(text) as unknown)

const isText = (ast: AST.AST): boolean =>
  AST.isString(ast) ||
  (AST.isLiteral(ast) && typeof ast.literal === "string") ||
  (AST.isUnion(ast) && ast.types.every(isText))

/** A list of strings, of any length. */
const isTextList = (ast: AST.AST): boolean => AST.isArrays(ast) && ast.elements.length === 0 && ast.rest.every(isText)

/** The value as JSON where it fits as JSON, else as text. */
const parseJsonOrText = (text: string, at: Schema.Codec<unknown, unknown>): unknown => {
  const decode = Schema.decodeUnknownResult(at)
  const json = parseJson(text)
  if (Result.isFailure(json)) return text
  // A section is checked as a whole, later; a text that looks like a number may still be meant as text.
  const fitsAsText = Result.isFailure(decode(json.success)) && Result.isSuccess(decode(text))
  return fitsAsText ? text : json.success
}

/** One text given for a list of strings is a list of it. What begins like a list was meant as one: its fault is told. */
const parseValue = (text: string, at: Schema.Codec<unknown, unknown>): unknown => {
  const value = parseJsonOrText(text, at)
  if (!isTextList(at.ast) || text.trim().startsWith("[")) return value
  return typeof value === "string" ? [value] : typeof value === "number" ? [text] : value
}

/** The leaves below a missing path that have no default. */
const required = (tree: Section, path: string): ReadonlyArray<string> => {
  const below = leavesOf(tree).filter(([leaf, { optional }]) => !optional && leaf.startsWith(`${path}.`))
  return below.length === 0 ? [path] : below.map(([leaf]) => leaf)
}

/** The default of a setting as JSON; null where there is none. */
const defaultOf = (pipeline: Pipeline, path: string): string | null => {
  const defaults = Schema.decodeUnknownResult(pipeline.settings)({})
  if (Result.isFailure(defaults)) return null
  const encoded: unknown = Schema.encodeSync(Schema.toCodecJson(pipeline.settings))(defaults.success)
  const value = path.split(".").reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), encoded)
  return value === undefined ? null : JSON.stringify(value)
}

const faultOf = (
  pipeline: Pipeline,
  tree: Section,
  origins: ReadonlyMap<string, string>,
  issue: SchemaIssue.Issue
): SettingFault => {
  const problems = problemsOf(issue)
  const fromOf = (path: string) =>
    [...origins].find(
      ([given]) => path === given || path.startsWith(`${given}.`) || given.startsWith(`${path}.`)
    )?.[1] ?? pipeline.name
  for (const { kind, path } of problems) {
    if (kind !== "excess") continue
    const found = find(tree, pipeline.name, fromOf(path), path)
    if (Result.isFailure(found)) return found.failure
  }
  const invalid = problems.find(({ kind }) => kind !== "missing")
  if (invalid === undefined) {
    return new MissingSetting({ pipeline: pipeline.name, paths: problems.flatMap(({ path }) => required(tree, path)) })
  }
  const found = leavesOf(tree).find(([path]) => path === invalid.path || invalid.path.startsWith(`${path}.`))
  const [setting, leaf] = found ?? [invalid.path, undefined]
  return new InvalidSetting({
    from: fromOf(invalid.path),
    path: invalid.path,
    fault: invalid.message,
    description: leaf?.description ?? null,
    standard: defaultOf(pipeline, setting),
    setting,
    known: leaf === undefined ? [] : valuesOf(leaf.ast)
  })
}

/** Decodes the settings; the first fault is the result where there is one. */
export const resolveSettings = (pipeline: Pipeline, given: Given): Result.Result<Resolved, SettingFault> =>
  Result.gen(function* () {
    const whole = settingsTree(pipeline.settings)
    const tree: Section = whole._tag === "Section" ? whole : { _tag: "Section", ast: whole.ast, fields: new Map() }
    const encoded: Mutable = {}
    const origins = new Map<string, string>()
    if (given.file !== undefined) {
      for (const path of givenPaths(given.file.settings, "")) {
        if (path === "") continue
        yield* find(tree, pipeline.name, given.file.path, path)
        origins.set(path, given.file.path)
      }
      for (const [name, value] of Object.entries(given.file.settings)) assign(encoded, [name], value)
    }
    for (const text of given.set) {
      const equals = text.indexOf("=")
      if (equals <= 0) return yield* Result.fail(new MalformedSetting({ given: text }))
      const path = text.slice(0, equals).trim()
      const from = `--set ${text}`
      const found = yield* find(tree, pipeline.name, from, path)
      const value = parseValue(text.slice(equals + 1), Schema.make(found.ast))
      for (const [below] of origins) if (below.startsWith(`${path}.`) && !isObject(value)) origins.delete(below)
      for (const below of givenPaths(value, path)) origins.set(below, from)
      assign(encoded, path.split("."), value)
    }
    const decoded = Schema.decodeUnknownResult(pipeline.settings, strict)(encoded)
    if (Result.isFailure(decoded)) {
      return yield* Result.fail(faultOf(pipeline, tree, origins, decoded.failure.issue))
    }
    return { decoded: decoded.success, origins }
  })

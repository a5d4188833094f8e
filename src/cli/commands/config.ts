/** `config show` and `config schema`: the settings, where each comes from, and what they may be. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Choice, choosePipeline, Project, settingsOf } from "../project.ts"
import { leavesOf, settingsTree } from "../settings/tree.ts"
import { print, printJson, style } from "../text/terminal.ts"
import { table, widthOf } from "../text/width.ts"

export interface ConfigFlags extends Choice {
  readonly json: boolean
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const valueAt = (value: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), value)

/** Where the value of a leaf comes from: what was given for it, for a part of it or for its section. */
const originOf = (origins: ReadonlyMap<string, string>, path: string): string =>
  [...origins].findLast(
    ([given]) => given === path || given.startsWith(`${path}.`) || path.startsWith(`${given}.`)
  )?.[1] ?? "default"

/** A value, or where it comes from, takes at most so many columns: one long list would push every row off the screen. */
const cellColumns = 40

/** Lines of at most `columns`, broken after commas, and within what has none. Joined they are the text again. */
export const brokenAfterCommas = (text: string, columns: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  for (const part of text.match(/[^,]*,|[^,]+$/gu) ?? []) {
    const last = lines.at(-1)
    if (last !== undefined && widthOf(last) + widthOf(part) <= columns) lines[lines.length - 1] = last + part
    else {
      const letters = [...part]
      for (let at = 0; at < letters.length; at += columns) lines.push(letters.slice(at, at + columns).join(""))
    }
  }
  return lines
}

export const configShow = Effect.fnUntraced(function* (flags: ConfigFlags) {
  const { pipeline, resolved } = yield* settingsOf(yield* Project, flags)
  const encoded: unknown = Schema.encodeSync(Schema.toCodecJson(pipeline.settings))(resolved.decoded)
  const rows = leavesOf(settingsTree(pipeline.settings)).map(([path, leaf]) => ({
    path,
    value: valueAt(encoded, path),
    from: originOf(resolved.origins, path),
    description: leaf.description
  }))
  if (flags.json) {
    const settings = rows.map(({ path, value, from, description }) => ({
      path,
      value: value ?? null,
      from,
      description: description ?? null
    }))
    return printJson({ pipeline: pipeline.name, settings })
  }
  print(`${style("bold", pipeline.name)}: ${pipeline.description}`)
  print("")
  const cells = rows.flatMap(({ path, value, from, description }) => {
    const values =
      value === undefined ? [style("dim", "not set")] : brokenAfterCommas(JSON.stringify(value), cellColumns)
    const origins = brokenAfterCommas(from, cellColumns).map((line) => style(from === "default" ? "dim" : "cyan", line))
    const more = Array.from({ length: Math.max(values.length, origins.length) - 1 }, (_, at) => [
      "",
      values[at + 1] ?? "",
      origins[at + 1] ?? "",
      ""
    ])
    return [[path, values[0] ?? "", origins[0] ?? "", style("dim", description ?? "")], ...more]
  })
  for (const line of table(cells)) print(line)
})

/** JSON Schema (draft 2020-12) of a `--config` file. */
export const configSchema = Effect.fnUntraced(function* (flags: { readonly pipeline: string | undefined }) {
  const pipeline = yield* choosePipeline(yield* Project, flags.pipeline)
  const { schema, definitions } = Schema.toJsonSchemaDocument(pipeline.settings, { onExcessProperty: "error" })
  const properties = { $schema: { type: "string" }, ...(schema.properties as object) }
  const document = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `Settings of the pipeline ${pipeline.name}`,
    ...schema,
    properties,
    ...(Object.keys(definitions).length === 0 ? {} : { $defs: definitions })
  }
  print(JSON.stringify(document, null, 2))
})

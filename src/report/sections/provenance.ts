/** What ran: configuration, backend, packages, and the digest of every artifact that the report rests on. */
import type { Json } from "effect/Schema"
import { html } from "../html.ts"
import type { ReportInput } from "../input.ts"
import type { Section } from "../section.ts"
import { table } from "../table.ts"

/** On one line, with spaces that it may be broken at. No text in JSON holds a line break. */
const spaced = (value: Json): string => JSON.stringify(value, null, 1).replace(/\n */gu, " ")

/**
 * A nested value as lines of `path` and text: { a: { b: 1 } } → ["a.b", "1"]. An item of a list is one line, as JSON where
 * it is more than a number or a text.
 */
export const flatten = (value: Json, path = ""): Array<[string, string]> => {
  if (value === null || typeof value !== "object") return [[path, String(value)]]
  if (Array.isArray(value))
    return value.every((item) => item === null || typeof item !== "object")
      ? [[path, value.length === 0 ? "none" : value.map(String).join(", ")]]
      : value.map((item, index) => [`${path}.${index}`, typeof item === "string" ? item : spaced(item)])
  const entries = Object.entries(value)
  if (entries.length === 0) return [[path, "none"]]
  return entries.flatMap(([name, inner]) => flatten(inner, path === "" ? name : `${path}.${name}`))
}

export const provenance = ({ backend, configuration, packages, provenance: rows }: ReportInput): Section => ({
  id: "provenance",
  title: "What ran",
  figures: [],
  body: () => html`<p>Every figure above can be made again from these artifacts. A digest is the SHA-256 of an artifact's canonical bytes: equal digests, equal bytes.</p>
${table({
  caption: "Artifacts",
  columns: [{ title: "Node" }, { title: "Stage" }, { title: "SHA-256" }],
  rows: rows.map((row) => [row.node, row.stage, html`<code>${row.digest}</code>`]),
  className: "digests"
})}
<div class="pair">
${table({
  caption: "Configuration",
  columns: [{ title: "Setting" }, { title: "Value" }],
  rows: flatten(configuration).map(([path, value]) => [html`<code>${path}</code>`, value]),
  className: "settings"
})}
${table({
  caption: "Backend and packages",
  columns: [{ title: "What" }, { title: "Version" }],
  rows: [["backend", backend], ...packages.map((row) => [row.name, row.version])]
})}
</div>`
})

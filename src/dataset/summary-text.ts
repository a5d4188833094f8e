/** The summary of a data set as lines for a terminal. */
import type { ColumnSummary, Summary } from "./describe.ts"

const percent = (part: number, whole: number): string =>
  whole === 0 ? "0 %" : `${((100 * part) / whole).toFixed(1)} %`

const shortNumber = (value: number): string => String(Number(value.toPrecision(6)))

const columnText = (column: ColumnSummary, images: number): string => {
  const { name, missing, distinct, range, frequent } = column
  const [first] = frequent
  const values =
    first === undefined
      ? "empty"
      : range !== null
        ? `${shortNumber(range[0])} to ${shortNumber(range[1])}`
        : first[1] === 1
          ? `${distinct} different, such as ${first[0]}`
          : frequent.map(([value, count]) => `${value} (${count})`).join(", ") + (distinct > 5 ? ", …" : "")
  return `  ${name}: ${values}${missing === 0 ? "" : `; missing in ${missing} (${percent(missing, images)})`}`
}

const section = (title: string, lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)]

/** Unreadable files that are named; the others are counted. */
const named = 5

const unreadableText = (files: Summary["unreadable"]): ReadonlyArray<string> => {
  const shown = files.slice(0, named).map(({ path, reason }) => {
    const [line = ""] = reason.split("\n", 1)
    return line.startsWith(path) ? line : `${path}: ${line}`
  })
  return files.length > named ? [...shown, `and ${files.length - named} more`] : shown
}

/** Plain text, one fact a line, without a last line break. */
export const summaryText = (summary: Summary): string => {
  const { images, classes, groups, sizes, side } = summary
  const by = Object.entries(groups.by).map(([kind, count]) => `${count} by ${kind}`)
  const splits = Object.entries(summary.declaredSplits).map(([name, count]) => `${name} ${count}`)
  const shownSizes = sizes.slice(0, 3).map(([size, count]) => `${size} (${count})`)
  return [
    `layout: ${summary.layout}${summary.table === null ? "" : `, labels in ${summary.table}`}`,
    `images: ${images}, melanoma ${classes.melanoma} (${percent(classes.melanoma, images)}), other ${classes.benign}`,
    `groups: ${groups.count} (${by.join(", ")}), the largest has ${groups.largest} images`,
    `sizes: ${sizes.length} different, ${shownSizes.join(", ")}${sizes.length > 3 ? ", …" : ""}; shorter side ${side.minimum} to ${side.maximum} pixels, median ${side.median}`,
    `equal images: ${summary.equalImages}; near duplicates: ${summary.nearDuplicates}${summary.copies === 0 ? "" : `; like a real image: ${summary.copies}`}; unreadable: ${summary.unreadable.length}; left out: ${summary.excluded.length}`,
    ...(splits.length === 0 ? [] : [`declared split: ${splits.join(", ")}`]),
    ...section(
      "counted as melanoma (1) or not (0):",
      summary.melanomaRule.map(({ value, label, images: count }) => `${label}  ${value} (${count})`)
    ),
    ...section("unreadable:", unreadableText(summary.unreadable)),
    ...(summary.columns.length === 0 ? [] : ["", "columns:"]),
    ...summary.columns.map((column) => columnText(column, images)),
    ...section("suspicious:", summary.suspicious),
    ...section("warnings:", summary.warnings)
  ].join("\n")
}

/** The parts of every error of the data: the place, the fault, the mend. */
import * as Schema from "effect/Schema"

export const faultFields = {
  /** Where: a file, with the line and the column when there are such. */
  place: Schema.String,
  fault: Schema.String,
  mend: Schema.String
}

/** The message made of them. */
export const sentence = (error: { readonly place: string; readonly fault: string; readonly mend: string }): string =>
  `${error.place}: ${error.fault}\n  ${error.mend}`

/** The first `limit` items, and how many more there are: "a, b, c and 4 more". */
export const listed = (items: ReadonlyArray<string>, limit = 5): string => {
  const shown = items.slice(0, limit).join(", ")
  return items.length > limit ? `${shown} and ${items.length - limit} more` : shown
}

/** How a refusal is switched off, ready to be pasted into a shell. */
export const allowedByName = (setting: string, rules: ReadonlyArray<string>): string =>
  `allow it by name: --set '${setting}=${JSON.stringify(rules)}'`

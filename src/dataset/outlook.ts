/** How a data set would be split, and whether the synthetic images could join: what would be refused is told, not failed. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { type Audit, auditSplit, auditText } from "./audit.ts"
import { balance, defaultBalanceOptions } from "./balance.ts"
import { chosenSplit, chosenWay, type SplitChoice } from "./choose-split.ts"
import type { Dataset } from "./dataset.ts"
import { listed } from "./fault.ts"
import type { Provenance, ProvenanceOverride } from "./provenance.ts"
import type { Split } from "./split.ts"

export interface Outlook {
  /** Of the split as it would be made, else, where that is refused, of the declared one. */
  readonly counts: Audit["counts"] | null
  readonly by: Split["by"]
  /** Why the split would be refused, and how to mend it. */
  readonly refused: string | null
  readonly overrides: ReadonlyArray<{ readonly rule: string; readonly rows: ReadonlyArray<string> }>
  /** Null without a synthetic set, or without a split to hold it against. */
  readonly synthetic: { readonly provenance: Provenance | null; readonly refused: string | null } | null
}

export interface OutlookOptions {
  readonly split: SplitChoice
  readonly allow: ReadonlyArray<ProvenanceOverride>
}

export const outlook = Effect.fnUntraced(function* (
  real: Dataset,
  synthetic: Dataset | null,
  { split, allow }: OutlookOptions
): Effect.fn.Return<Outlook> {
  const by = chosenWay(real, split.by)
  const made = yield* Effect.result(chosenSplit(real, split, synthetic))
  if (Result.isFailure(made)) {
    const declared = new Map(
      real.rows.flatMap((row) => (row.split === undefined ? [] : [[row.id, row.split] as const]))
    )
    const counts = declared.size === 0 ? null : auditSplit(real.rows, declared, real.nearDuplicates).counts
    return { counts, by, refused: made.failure.message, overrides: [], synthetic: null }
  }
  const { counts, overrides } = made.success
  const told = { counts, by, refused: null, overrides }
  if (synthetic === null) return { ...told, synthetic: null }
  const options = { ...defaultBalanceOptions, syntheticRatio: "all" as const, allow }
  const joined = yield* Effect.result(balance(made.success, real, synthetic, options))
  return {
    ...told,
    synthetic: Result.isFailure(joined)
      ? { provenance: null, refused: joined.failure.message }
      : { provenance: joined.success.provenance, refused: null }
  }
})

const meanings: Readonly<Record<Provenance["status"], string>> = {
  none: "no synthetic image would join",
  verified: "every image that the generator was trained on is in train",
  partial: "some of the images that the generator was trained on are not in this data set",
  unknown: "what the generator was trained on is not known: no generator.json, or one that names no images",
  overridden: "a refusal is switched off by balance.allow"
}

const ways: Readonly<Record<Split["by"], string>> = {
  column: "as the data declare it",
  folds: "a fold drawn by group",
  generator: "drawn by group around what the generator saw",
  group: "drawn by group"
}

/** One line where there are such, else none. */
const memorised = (rows: ReadonlyArray<string>): ReadonlyArray<string> =>
  rows.length === 0
    ? []
    : [
        `  ${rows.length} of them show an image of train (=: the same picture, ~: nearly), so the generator memorised it or a file is in the wrong folder: ${listed(rows)}`
      ]

const indented = (text: string): ReadonlyArray<string> => text.split("\n").map((line) => `  ${line}`)

/** As lines for a terminal. */
export const outlookText = ({ counts, by, refused, overrides, synthetic }: Outlook): string => {
  const how = ways[by]
  return [
    refused === null ? `split, ${how}:` : `split, ${how}: REFUSED`,
    ...(counts === null ? [] : indented(auditText(counts))),
    ...(refused === null ? [] : indented(refused)),
    ...overrides.map(({ rule, rows }) => `  let through by split.allow: ${rule}, ${rows.length} images`),
    ...(synthetic === null
      ? []
      : synthetic.refused === null
        ? [
            "",
            `synthetic images in train: ${meanings[synthetic.provenance?.status ?? "none"]}`,
            ...memorised(synthetic.provenance?.copiesOfTrain ?? [])
          ]
        : ["", "synthetic images in train: REFUSED", ...indented(synthetic.refused)])
  ].join("\n")
}

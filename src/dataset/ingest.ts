/** From a folder in any known layout to one table: detects the layout, opens every image, groups duplicates. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { compareText, type Dataset, type FileEntry, type LabelRule, type LeftOut, type Row } from "./dataset.ts"
import { normaliseDiagnosis } from "./diagnoses.ts"
import { listed } from "./fault.ts"
import { conflictingPairs, exactDuplicates, mergeGroups, type Pairs } from "./groups.ts"
import { IngestError } from "./ingest-error.ts"
import { readLayout } from "./layouts/detect.ts"
import type { Draft } from "./layouts/layout.ts"
import { mergeNearDuplicates } from "./near-duplicates.ts"
import { openFolder } from "./open-folder.ts"
import type { IngestOptions } from "./options.ts"

/** What opening an image tells of it; `pixelDigest` is the SHA-256 (hex) of the decoded pixels. */
export interface Probed {
  readonly width: number
  readonly height: number
  readonly pixelDigest?: string
}

/** The user's folder: what is in it, how to read a file, how to open an image, how to find pictures that are alike. */
export interface Source<E, R, P extends Probed = Probed> {
  readonly files: ReadonlyArray<FileEntry>
  /** The verified bytes of a listed file. */
  readonly read: (entry: FileEntry) => Effect.Effect<Uint8Array, E, R>
  /** Fails where the bytes are no image that can be used; the message is the reason. */
  readonly probe: (entry: FileEntry, bytes: Uint8Array) => Effect.Effect<P, { readonly message: string }, R>
  /** Pairs of ids that show one picture, from what the probe told of each; absent: only equal images are grouped. */
  readonly nearDuplicates?: (images: ReadonlyArray<Opened<P>>) => Effect.Effect<Pairs, E, R>
  /** Pairs of an id of this folder and one of another data set that show one picture; absent: there is no other set. */
  readonly copies?: (images: ReadonlyArray<Opened<P>>) => Effect.Effect<Pairs, E, R>
}

/** An image that was opened, with what that told of it. */
export interface Opened<P extends Probed = Probed> {
  readonly id: string
  readonly entry: FileEntry
  readonly probed: P
}

const openImage = Effect.fnUntraced(function* <E, R, P extends Probed>(source: Source<E, R, P>, draft: Draft) {
  const bytes = yield* source.read(draft.entry)
  return yield* Effect.result(source.probe(draft.entry, bytes))
})

const melanomaRule = (drafts: ReadonlyArray<Draft>): ReadonlyArray<LabelRule> => {
  const rules = new Map<string, LabelRule>()
  for (const { labelValue, label } of drafts) {
    const value = normaliseDiagnosis(labelValue)
    rules.set(value, { value, label, images: (rules.get(value)?.images ?? 0) + 1 })
  }
  return [...rules.values()].sort((a, b) => compareText(a.value, b.value))
}

const duplicateWarnings = (rows: ReadonlyArray<Row>, pairs: ReadonlyArray<readonly [string, string]>) => {
  if (pairs.length === 0) return []
  const conflicts = conflictingPairs(rows, pairs)
  const shown = (some: ReadonlyArray<readonly [string, string]>) =>
    listed(
      some.map(([a, b]) => `${a} = ${b}`),
      3
    )
  return [
    `${pairs.length} images equal another one and share its group: ${shown(pairs)}.`,
    ...(conflicts.length === 0
      ? []
      : [`${conflicts.length} pairs of equal images have different labels: ${shown(conflicts)}.`])
  ]
}

/**
 * Reads a folder as a data set. Fails with `IngestError` where the layout is not known or a table is wrong, and with
 * the source's own error where a file cannot be read. Images that cannot be opened are listed, and are an error when
 * they are more than `options.unreadableLimit`.
 */
export const ingest = Effect.fnUntraced(function* <E, R, P extends Probed>(
  source: Source<E, R, P>,
  options: IngestOptions
): Effect.fn.Return<Dataset, IngestError | E, R> {
  const { folder, labels, warnings } = yield* openFolder(source.files, source.read, options)
  const { layout, table, drafts, excluded, warnings: found } = yield* readLayout(folder, labels)
  const probed = yield* Effect.forEach(drafts, (draft) => openImage(source, draft), { concurrency: 8 })
  const rows: Array<Row> = []
  const opened: Array<Opened<P>> = []
  const unreadable: Array<LeftOut> = []
  for (const [index, { entry, label, group, split, metadata }] of drafts.entries()) {
    const result = probed[index]!
    if (Result.isFailure(result)) unreadable.push({ path: entry.path, reason: result.failure.message })
    else {
      const { width, height, pixelDigest } = result.success
      opened.push({ id: entry.path, entry, probed: result.success })
      rows.push({
        id: entry.path,
        path: entry.path,
        digest: entry.digest,
        label,
        group,
        origin: options.origin,
        width,
        height,
        ...(split === undefined ? {} : { split }),
        ...(pixelDigest === undefined ? {} : { pixelDigest }),
        metadata
      })
    }
  }
  const byPath = (a: LeftOut, b: LeftOut) => compareText(a.path, b.path)
  unreadable.sort(byPath)
  if (unreadable.length > options.unreadableLimit) {
    return yield* new IngestError({
      reason: "unreadable-images",
      place: unreadable[0]!.path,
      fault: `${unreadable.length} of ${drafts.length} images cannot be read:\n${unreadable
        .slice(0, 5)
        .map(({ path, reason }) => `    ${path}: ${reason}`)
        .join("\n")}`,
      mend: `Replace or remove them, or set data.unreadableLimit to ${unreadable.length} to leave them out.`
    })
  }
  rows.sort((a, b) => compareText(a.id, b.id))
  opened.sort((a, b) => compareText(a.id, b.id))
  const pairs = exactDuplicates(rows)
  const dataset: Dataset = {
    layout,
    table,
    origin: options.origin,
    rows: mergeGroups(rows, pairs),
    unreadable,
    excluded: [...excluded].sort(byPath),
    nearDuplicates: [],
    copies: source.copies === undefined ? [] : yield* source.copies(opened),
    warnings: [...warnings, ...found, ...duplicateWarnings(rows, pairs)],
    manifest: folder.manifest,
    melanomaRule: melanomaRule(drafts)
  }
  if (source.nearDuplicates === undefined) return dataset
  const equal = new Set(pairs.map(([a, b]) => `${a}\n${b}`))
  const near = (yield* source.nearDuplicates(opened)).filter(([a, b]) => !equal.has(`${a}\n${b}`))
  return mergeNearDuplicates(dataset, near)
})

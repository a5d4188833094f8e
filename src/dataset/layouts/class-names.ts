/** Folders by class, and flat images with the class in the file name. */
import * as Effect from "effect/Effect"
import type { FileEntry, Label, SplitName } from "../dataset.ts"
import { labelOf, normaliseDiagnosis } from "../diagnoses.ts"
import { listed } from "../fault.ts"
import type { IngestError } from "../ingest-error.ts"
import { folderOf, stemOf } from "../paths.ts"
import { type Draft, type Drafts, type Folder, fault, splitNames } from "./layout.ts"

interface Named {
  readonly label: Label
  readonly value: string
}

const known = (value: string, positive: ReadonlyArray<string>): Named | undefined => {
  const label = labelOf(value)
  if (positive.length === 0) return label === undefined ? undefined : { label, value }
  return { label: labelOf(value, positive)!, value }
}

const splitOf = (segment: string): SplitName | undefined => {
  const name = segment.toLowerCase()
  return Object.hasOwn(splitNames, name) ? splitNames[name] : undefined
}

/** The deepest folder that is a class. With `positive`, the deepest folder that names no split. */
export const classFromFolders = (path: string, positive: ReadonlyArray<string>): Named | undefined => {
  for (const segment of folderOf(path).split("/").reverse()) {
    if (segment === "" || splitOf(segment) !== undefined) continue
    const named = known(segment, positive)
    if (named !== undefined) return named
  }
  return undefined
}

/** Short codes that are also other words or units ("mm", "df") are no class inside a file name. */
const wordPattern = /^(nv|\p{L}{3,})$/u
const notClasses = new Set(["true", "false", "yes", "positive", "negative", "other", "others"])

/**
 * The class among the words of a file name ("malignant_00001"); undefined where there is none, or two that differ. A 0
 * or 1 at the end ("seed0600_1") is a class only with `numbers`: it could as well count the images.
 */
export const classFromName = (path: string, positive: ReadonlyArray<string>, numbers: boolean): Named | undefined => {
  const stem = stemOf(path).replace(/(?<!\p{L})(non|not|no)[^\p{L}\p{N}]*(?=mel)/giu, "non")
  const words = stem.split(/[^\p{L}\p{N}]+|(?<=\p{L})(?=\p{N})/u)
  const isPositive = (word: string) => positive.some((one) => normaliseDiagnosis(one) === normaliseDiagnosis(word))
  const isClass = (word: string) =>
    isPositive(word) || (wordPattern.test(word) && !notClasses.has(word.toLowerCase()) && labelOf(word) !== undefined)
  const found = words.filter(isClass).flatMap((word) => known(word, positive) ?? [])
  const [first] = found
  if (first !== undefined) return found.every(({ label }) => label === first.label) ? first : undefined
  const last = /[^\p{L}\p{N}]([01])$/u.exec(stem)?.[1]
  return numbers && last !== undefined ? known(last, positive) : undefined
}

const draft = (entry: FileEntry, { label, value }: Named, split?: SplitName): Draft => ({
  entry,
  label,
  labelValue: value,
  group: `image:${entry.path}`,
  ...(split === undefined ? {} : { split }),
  metadata: {}
})

const noGroups = "This layout names no patient or lesion: only duplicates that are found are held together in a split."

const read = (
  folder: Folder,
  layout: string,
  classOf: (path: string, positive: ReadonlyArray<string>) => Named | undefined,
  mend: string
): Effect.Effect<Drafts, IngestError> => {
  const drafts: Array<Draft> = []
  const without: Array<string> = []
  for (const entry of folder.images) {
    const named = classOf(entry.path, folder.options.positive)
    if (named === undefined) without.push(entry.path)
    else
      drafts.push(
        draft(
          entry,
          named,
          folderOf(entry.path)
            .split("/")
            .map(splitOf)
            .find((one) => one !== undefined)
        )
      )
  }
  if (without.length > 0) {
    const what = `${without.length} of ${folder.images.length} images have no class: ${listed(without)}`
    return Effect.fail(fault("unknown-label", "the data folder", what, mend))
  }
  const warnings = folder.options.origin === "real" ? [noGroups] : []
  return Effect.succeed({ layout, table: null, drafts, excluded: [], warnings })
}

/** benign/…, malignant/…, with or without train/, val/, test/ above or below. */
export const readClassFolders = (folder: Folder): Effect.Effect<Drafts, IngestError> =>
  read(folder, "class-folders", classFromFolders, "Put each image under a folder named by its class, such as melanoma.")

/** malignant_00001.png, benign_53110.png; with `numbers`, seed0600_1.jpg too. */
export const readClassInName = (folder: Folder, numbers: boolean): Effect.Effect<Drafts, IngestError> =>
  read(
    folder,
    "class-in-name",
    (path, positive) => classFromName(path, positive, numbers),
    folder.options.origin === "synthetic"
      ? 'Name the class in each file name, in generator.json: { "label": "malignant" }, or of all images by data.syntheticLabel=melanoma (or benign).'
      : "Name the class in each file name."
  )

/** All images of one class, which the configuration or the generator's manifest declares. */
export const readOneClass = (folder: Folder, label: Label, value: string): Drafts => ({
  layout: "one-class",
  table: null,
  drafts: folder.images.map((entry) => draft(entry, { label, value })),
  excluded: [],
  warnings: folder.options.origin === "real" ? [noGroups] : []
})

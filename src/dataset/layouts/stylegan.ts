/** StyleGAN's `dataset.json`: `{ "labels": [["00000/img00000000.png", 1], …] }`, classes as whole numbers. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { labelOf } from "../diagnoses.ts"
import { listed } from "../fault.ts"
import type { IngestError } from "../ingest-error.ts"
import { folderOf, imageFinder } from "../paths.ts"
import { type Draft, type Drafts, type Folder, fault } from "./layout.ts"

const Labels = Schema.Struct({
  labels: Schema.NullOr(Schema.Array(Schema.Tuple([Schema.String, Schema.Union([Schema.Int, Schema.String])])))
})

/** Null where the file gives no labels: the images then take their class from elsewhere. */
export const readStyleGan = Effect.fnUntraced(function* (
  folder: Folder,
  path: string,
  text: string
): Effect.fn.Return<Drafts | null, IngestError> {
  const { labels } = yield* Schema.decodeUnknownEffect(Schema.fromJsonString(Labels))(text).pipe(
    Effect.mapError((error) =>
      fault(
        "malformed-companion",
        path,
        `not StyleGAN's labels: ${error.message.split("\n", 1)[0]}`,
        "Correct or remove it."
      )
    )
  )
  if (labels === null) return null
  const find = imageFinder(folder.images)
  const drafts: Array<Draft> = []
  const missing: Array<string> = []
  const seen = new Set<string>()
  for (const [index, [name, value]] of labels.entries()) {
    const place = `${path}, label ${index}`
    const found = find(name, folderOf(path))
    if (found._tag === "Outside") {
      return yield* fault("path-outside", place, `“${name}” points out of the data folder`, "Correct it.")
    }
    if (found._tag !== "Found") {
      missing.push(name)
      continue
    }
    if (seen.has(found.entry.path)) {
      return yield* fault("duplicate-image", place, `“${name}” has a label already`, "Keep one label for each image.")
    }
    seen.add(found.entry.path)
    const label = labelOf(String(value), folder.options.positive)
    if (label === undefined) {
      const mend = "Set data.positive to the class that counts as melanoma."
      return yield* fault("unknown-label", place, `the class ${value} of “${name}” is not known`, mend)
    }
    const group = `image:${found.entry.path}`
    drafts.push({ entry: found.entry, label, labelValue: String(value), group, metadata: {} })
  }
  if (missing.length > folder.options.missingLimit) {
    const what = `${missing.length} of ${labels.length} images are not in the folder: ${listed(missing)}`
    return yield* fault("missing-image", path, what, `Add them, or set data.missingLimit to ${missing.length}.`)
  }
  const excluded = missing.map((name) => ({ path: name, reason: "the file is not in the folder" }))
  return { layout: "stylegan", table: path, drafts, excluded, warnings: [] }
})

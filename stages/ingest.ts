/**
 * A folder in a known layout → one table of labelled images. Every image is opened: what cannot be read is listed with
 * its reason, and is an error past the limit. Pictures that stand twice are found, in the folder and against another set.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { ItemCache, Progress, SourceFiles } from "../src/dag/services.ts"
import * as Stage from "../src/dag/stage.ts"
import type { FileEntry, Row } from "../src/dataset/dataset.ts"
import { ingest as ingestFolder, type Opened } from "../src/dataset/ingest.ts"
import { IngestOptions } from "../src/dataset/options.ts"
import { type Fingerprint, fingerprint } from "../src/image/fingerprint.ts"
import { findNearDuplicates } from "../src/image/near-duplicates.ts"
import { Dataset } from "./artifacts/dataset.ts"
import { ImageFiles, listing } from "./artifacts/image-files.ts"

const Known = Schema.fromJsonString(
  Schema.Struct({ width: Schema.Int, height: Schema.Int, pixelDigest: Schema.String, hash: Schema.String })
)

/** Opens an image whose bytes were not seen before; what is known of the others is kept by their digest. */
const probe = Effect.fnUntraced(function* <E, R>(
  { path, digest }: Pick<FileEntry, "path" | "digest">,
  bytes: Effect.Effect<Uint8Array, E, R>
) {
  const items = yield* ItemCache
  const known = Option.flatMap(yield* items.get(digest), (text) =>
    Schema.decodeUnknownOption(Known)(Buffer.from(text).toString())
  )
  if (Option.isSome(known)) return known.value
  const found = yield* fingerprint(yield* bytes, { name: path })
  yield* items.put(digest, Buffer.from(Schema.encodeSync(Known)(found)))
  return found
})

type Probed = Opened<Fingerprint>

/** Pairs of images that show one picture, whatever was done to the file. */
const nearDuplicates = <E, R>(
  images: ReadonlyArray<Probed>,
  read: (entry: FileEntry) => Effect.Effect<Uint8Array, E, R>,
  onCompared: (compared: number, candidates: number) => Effect.Effect<void>
) => {
  const byId = new Map(images.map((image) => [image.id, image.entry]))
  return findNearDuplicates(
    images.map(({ id, probed }) => ({ key: id, hash: probed.hash })),
    (id) => read(byId.get(id)!),
    { onCompared }
  ).pipe(Effect.map((pairs) => pairs.map(({ a, b }) => [a, b] as const)))
}

/** Pairs of an image here and one of the other set that show one picture. */
const copies = Effect.fnUntraced(function* <E, R>(
  images: ReadonlyArray<Probed>,
  against: ReadonlyArray<Row>,
  read: (digest: string) => Effect.Effect<Uint8Array, E, R>,
  onCompared: (compared: number, candidates: number) => Effect.Effect<void>
) {
  const own = images.map(({ id, entry, probed }) => ({ set: "own", id, digest: entry.digest, hash: probed.hash }))
  const others = yield* Effect.forEach(
    against,
    (row) =>
      Effect.map(probe(row, read(row.digest)), ({ hash }) => ({ set: "other", id: row.id, digest: row.digest, hash })),
    { concurrency: 8 }
  )
  // The same name may stand in both sets.
  const byKey = new Map([...own, ...others].map((image) => [`${image.set}/${image.id}`, image]))
  const pairs = yield* findNearDuplicates(
    [...byKey].map(([key, { set, hash }]) => ({ key, set, hash })),
    (key) => read(byKey.get(key)!.digest),
    { nameOf: (key) => byKey.get(key)!.id, onCompared }
  )
  return pairs.map(({ a, b }) => [byKey.get(a)!.id, byKey.get(b)!.id] as const)
})

/** What messages call the folder: the setting that names it. */
const sourceName = (origin: "real" | "synthetic") => `data.${origin}`

export const ingest = Stage.make({
  name: "ingest",
  module: import.meta.url,
  params: Schema.Struct({
    ...IngestOptions.fields,
    /** Where the folder lies, which does not matter to the result; absent where the files come as an input. */
    folder: Schema.optionalKey(Schema.String)
  }),
  inputs: {
    files: Stage.optional(ImageFiles),
    /** The set whose images are looked for among these, and its files where they come as an input too. */
    against: Stage.optional(Dataset),
    againstFiles: Stage.optional(ImageFiles)
  },
  output: Dataset,
  unkeyed: ["folder"],
  sources: ({ folder, origin }): Readonly<Record<string, string>> =>
    folder === undefined ? {} : { [sourceName(origin)]: folder },
  run: Effect.fnUntraced(function* ({ params, inputs }) {
    const { against } = inputs
    const progress = yield* Progress
    const sources = yield* SourceFiles
    const embedded = inputs.files === undefined ? undefined : listing(inputs.files)
    const bytesOf = new Map(
      [inputs.files ?? [], inputs.againstFiles ?? []].flatMap((set) =>
        listing(set).map(({ digest }, at) => [digest, set[at]!.bytes] as const)
      )
    )
    const files = embedded ?? sources.list(sourceName(params.origin))
    let opened = 0
    const readDigest = (digest: string) =>
      bytesOf.has(digest) ? Effect.succeed(bytesOf.get(digest)!) : sources.read(digest)
    const read = ({ digest }: FileEntry) => readDigest(digest)
    const counted = <A, E, R>(open: Effect.Effect<A, E, R>) =>
      Effect.ensuring(
        open,
        Effect.suspend(() =>
          ++opened % 25 === 0
            ? progress.report({ completed: opened, total: files.length, unit: "images" })
            : Effect.void
        )
      )
    const compared = (completed: number, total: number) => progress.report({ completed, total, unit: "like pairs" })
    return yield* ingestFolder(
      {
        files,
        read,
        probe: (entry, bytes) => counted(probe(entry, Effect.succeed(bytes))),
        ...(params.origin === "real"
          ? { nearDuplicates: (images: ReadonlyArray<Probed>) => nearDuplicates(images, read, compared) }
          : {}),
        ...(against === undefined
          ? {}
          : { copies: (images: ReadonlyArray<Probed>) => copies(images, against.rows, readDigest, compared) })
      },
      params
    )
  })
})

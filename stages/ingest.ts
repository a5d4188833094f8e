/**
 * A folder in a known layout → one table of labelled images. Every image is opened: what cannot be read is listed with
 * its reason, and is an error past the limit.
 */
import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { ItemCache, Progress, SourceFiles } from "../src/dag/services.ts"
import * as Stage from "../src/dag/stage.ts"
import type { FileEntry } from "../src/dataset/dataset.ts"
import { ingest as ingestFolder } from "../src/dataset/ingest.ts"
import { IngestOptions } from "../src/dataset/options.ts"
import { decode } from "../src/image/decode.ts"
import { Dataset } from "./artifacts/dataset.ts"
import { ImageFiles, listing } from "./artifacts/image-files.ts"

const Probed = Schema.fromJsonString(
  Schema.Struct({ width: Schema.Int, height: Schema.Int, pixelDigest: Schema.String })
)

/** Size of the upright image, and the digest of its pixels: equal for a copy saved losslessly in another format. */
const open = (entry: FileEntry, bytes: Uint8Array) =>
  decode(bytes, { name: entry.path }).pipe(
    Effect.map(({ width, height, data }) => ({
      width,
      height,
      pixelDigest: createHash("sha256").update(`${width}x${height}:`).update(data).digest("hex")
    }))
  )

/** Opens an image whose bytes were not seen before; what is known of the others is kept by their digest. */
const probe = Effect.fnUntraced(function* (entry: FileEntry, bytes: Uint8Array) {
  const items = yield* ItemCache
  const known = yield* items.get(entry.digest)
  const decoded = Option.flatMap(known, (text) => Schema.decodeUnknownOption(Probed)(Buffer.from(text).toString()))
  if (Option.isSome(decoded)) return decoded.value
  const found = yield* open(entry, bytes)
  yield* items.put(entry.digest, Buffer.from(Schema.encodeSync(Probed)(found)))
  return found
})

export const ingest = Stage.make({
  name: "ingest",
  module: import.meta.url,
  params: Schema.Struct({
    ...IngestOptions.fields,
    /** Where the folder lies, which does not matter to the result; absent where the files come as an input. */
    folder: Schema.optionalKey(Schema.String)
  }),
  inputs: { files: Stage.optional(ImageFiles) },
  output: Dataset,
  unkeyed: ["folder"],
  sources: ({ folder }): Readonly<Record<string, string>> => (folder === undefined ? {} : { folder }),
  run: Effect.fnUntraced(function* ({ params, inputs }) {
    const progress = yield* Progress
    const sources = yield* SourceFiles
    const embedded = inputs.files === undefined ? undefined : listing(inputs.files)
    const bytesOf = new Map(embedded?.map((entry, at) => [entry.digest, inputs.files![at]!.bytes]))
    const files = embedded ?? sources.list("folder")
    let opened = 0
    const read = (entry: FileEntry) =>
      bytesOf.has(entry.digest) ? Effect.succeed(bytesOf.get(entry.digest)!) : sources.read(entry.digest)
    return yield* ingestFolder(
      {
        files,
        read,
        probe: (entry, bytes) =>
          probe(entry, bytes).pipe(
            Effect.ensuring(
              Effect.suspend(() =>
                ++opened % 25 === 0
                  ? progress.report({ completed: opened, total: files.length, unit: "images" })
                  : Effect.void
              )
            )
          )
      },
      params
    )
  })
})

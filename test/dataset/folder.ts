/** A data folder in memory. An "image" is the text "image WIDTHxHEIGHT anything"; other bytes are unreadable. */
import { createHash } from "node:crypto"
import { Effect, Schema } from "effect"
import type { Dataset } from "../../src/dataset/dataset.ts"
import { ingest, type Source } from "../../src/dataset/ingest.ts"
import { IngestOptions } from "../../src/dataset/options.ts"

export type Files = Readonly<Record<string, string | Uint8Array>>

export const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === "string" ? new TextEncoder().encode(content) : content

export const digestOf = (content: string | Uint8Array): string =>
  createHash("sha256").update(bytesOf(content)).digest("hex")

export const image = (name: string, width = 40, height = 30): string => `image ${width}x${height} ${name}`

export const images = (...paths: ReadonlyArray<string>): Files =>
  Object.fromEntries(paths.map((path) => [path, image(path)]))

export const source = (files: Files): Source<never, never> => ({
  files: Object.entries(files).map(([path, content]) => ({
    path,
    digest: digestOf(content),
    size: bytesOf(content).length
  })),
  read: (entry) => Effect.sync(() => bytesOf(files[entry.path]!)),
  probe: (_entry, bytes) => {
    const size = /^image (\d+)x(\d+)/u.exec(new TextDecoder().decode(bytes))
    return size === null
      ? Effect.fail({ message: "not an image" })
      : Effect.succeed({ width: Number(size[1]), height: Number(size[2]) })
  }
})

export const read = (files: Files, options: unknown = {}) =>
  ingest(source(files), Schema.decodeUnknownSync(IngestOptions)(options))

/** Labels by id, the usual thing to compare. */
export const labels = (dataset: Dataset): Readonly<Record<string, number>> =>
  Object.fromEntries(dataset.rows.map(({ id, label }) => [id, label]))

export const groups = (dataset: Dataset): Readonly<Record<string, string>> =>
  Object.fromEntries(dataset.rows.map(({ id, group }) => [id, group]))

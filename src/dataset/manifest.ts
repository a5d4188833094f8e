/** `generator.json`: what a synthetic set was made by, and from which real images. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Manifest } from "./dataset.ts"
import { IngestError } from "./ingest-error.ts"

export const manifestName = "generator.json"

/** Parses a manifest; keys that are not known are ignored. */
export const parseManifest = (path: string, text: string): Effect.Effect<Manifest, IngestError> =>
  Schema.decodeUnknownEffect(Schema.fromJsonString(Manifest))(text, { errors: "all" }).pipe(
    Effect.mapError(
      (error) =>
        new IngestError({
          reason: "malformed-manifest",
          place: path,
          fault: error.message.replaceAll("\n", " "),
          mend: 'Write { "generator": name, "trainedOn": [image ids], "label": class }, or remove the file.'
        })
    )
  )

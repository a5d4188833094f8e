/** Small JSON documents of the store, each decoded by its Schema; what does not decode is moved aside and counts as absent. */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { canonicalJson } from "./digest.ts"
import type { StoreError } from "./error.ts"
import { moveAside, readSmallIfPresent, remove, writeAtomic } from "./files.ts"

export interface Documents<A> {
  readonly pathOf: (name: string) => string
  readonly read: (name: string) => Effect.Effect<A | undefined, StoreError>
  readonly write: (name: string, value: A) => Effect.Effect<void, StoreError>
  readonly remove: (name: string) => Effect.Effect<void, StoreError>
}

export const makeDocuments = <A, I>(
  root: string,
  folder: string,
  schema: Schema.Codec<A, I>,
  fileOf: (name: string) => string = (name) => `${name}.json`
): Documents<A> => {
  const json = Schema.fromJsonString(Schema.toCodecJson(schema))
  const decode = Schema.decodeUnknownOption(json)
  const encode = Schema.encodeSync(Schema.toCodecJson(schema))
  const pathOf = (name: string) => join(root, folder, fileOf(name))
  return {
    pathOf,
    read: Effect.fnUntraced(function* (name: string) {
      const text = yield* readSmallIfPresent(pathOf(name))
      if (text === undefined) return undefined
      const value = decode(text)
      if (Option.isSome(value)) return value.value
      yield* moveAside(pathOf(name), join(root, "damaged"))
      return undefined
    }),
    write: (name, value) => writeAtomic(pathOf(name), canonicalJson(encode(value)), join(root, "tmp")),
    remove: (name) => remove(pathOf(name))
  }
}

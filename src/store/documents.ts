/**
 * Small JSON documents of the store, each decoded by its Schema. What does not decode is moved aside. A sealed one carries
 * the SHA-256 of its text in a last line, so that no altered figure goes unseen.
 */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { digestOf } from "./digest.ts"
import type { StoreError } from "./error.ts"
import { moveAside, readSmallIfPresent, remove, writeAtomic } from "./files.ts"

export type Look<A> =
  | { readonly _tag: "Found"; readonly value: A }
  | { readonly _tag: "Absent" }
  /** It was there, and is moved aside. */
  | { readonly _tag: "Damaged" }

export interface Documents<A> {
  readonly pathOf: (name: string) => string
  readonly look: (name: string) => Effect.Effect<Look<A>, StoreError>
  /** Undefined where there is none, or a damaged one. */
  readonly read: (name: string) => Effect.Effect<A | undefined, StoreError>
  readonly write: (name: string, value: A) => Effect.Effect<void, StoreError>
  readonly remove: (name: string) => Effect.Effect<void, StoreError>
}

const seal = (text: string): string => `${text}\n${digestOf(text)}\n`

/** The text under a seal, and whether that holds. A text without a seal was written before there were any. */
const unseal = (text: string): { readonly body: string; readonly whole: "yes" | "no" | "unsealed" } => {
  const end = text.indexOf("\n")
  if (end === -1) return { body: text, whole: "unsealed" }
  const body = text.slice(0, end)
  return { body, whole: text.slice(end + 1) === `${digestOf(body)}\n` ? "yes" : "no" }
}

/** A sealed document's schema must be plain JSON: what is read under a seal is not decoded again. */
export const makeDocuments = <A, I>(
  root: string,
  folder: string,
  schema: Schema.Codec<A, I>,
  {
    fileOf = (name) => `${name}.json`,
    sealed = false
  }: { readonly fileOf?: (name: string) => string; readonly sealed?: boolean } = {}
): Documents<A> => {
  const json = Schema.fromJsonString(Schema.toCodecJson(schema))
  const decodeText = Schema.decodeUnknownOption(json)
  const encode = Schema.encodeSync(Schema.toCodecJson(schema))
  const pathOf = (name: string) => join(root, folder, fileOf(name))

  const decode = (text: string): Option.Option<A> => {
    if (!sealed) return decodeText(text)
    const { body, whole } = unseal(text)
    if (whole === "no") return Option.none()
    // Under a seal that holds lies what `write` encoded, byte for byte; its encoded form is its own.
    return whole === "yes" ? Option.some(JSON.parse(body) as A) : decodeText(body)
  }
  const look = Effect.fnUntraced(function* (name: string) {
    const text = yield* readSmallIfPresent(pathOf(name))
    if (text === undefined) return { _tag: "Absent" } satisfies Look<A>
    const value = decode(text)
    if (Option.isSome(value)) return { _tag: "Found", value: value.value } satisfies Look<A>
    yield* moveAside(pathOf(name), join(root, "damaged"))
    return { _tag: "Damaged" } satisfies Look<A>
  })
  return {
    pathOf,
    look,
    read: (name) => Effect.map(look(name), (found) => (found._tag === "Found" ? found.value : undefined)),
    write: (name, value) => {
      const text = JSON.stringify(encode(value))
      return writeAtomic(pathOf(name), sealed ? seal(text) : text, join(root, "tmp"))
    },
    remove: (name) => remove(pathOf(name))
  }
}

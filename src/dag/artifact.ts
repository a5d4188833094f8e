/**
 * Artifact types: how a value becomes bytes and back. Equal values must have equal bytes, since the digest of the
 * bytes is what a downstream node is keyed on.
 */
import * as Schema from "effect/Schema"
import { canonicalJson } from "../store/digest.ts"
import { inMemory, readAll, type StoredBytes } from "../store/stored-bytes.ts"

/** The type `A` of an artifact, named `Name`. Two types of different name are never interchangeable. */
export interface Artifact<out Name extends string, in out A> {
  readonly name: Name
  readonly encode: (value: A) => Uint8Array
  readonly decode: (bytes: Uint8Array) => A
  /** The value is `StoredBytes`: a stage writes it through `OutputFile`, and reads it where it lies. */
  readonly stored?: true
}

// biome-ignore lint/suspicious/noExplicitAny: the one bound that every invariant artifact type meets
export type AnyArtifact = Artifact<string, any>

export type ValueOf<T> = T extends Artifact<string, infer A> ? A : never

const text = new TextDecoder("utf-8", { fatal: true })

/** A value with a Schema, as canonical JSON. */
export const json = <const Name extends string, A, I>(name: Name, schema: Schema.Codec<A, I>): Artifact<Name, A> => {
  const codec = Schema.toCodecJson(schema)
  const encode = Schema.encodeSync(codec)
  const decode = Schema.decodeUnknownSync(codec)
  return {
    name,
    encode: (value) => Buffer.from(canonicalJson(encode(value)), "utf8"),
    decode: (bytes) => decode(JSON.parse(text.decode(bytes)))
  }
}

/** Bytes that have a form of their own: packs of images, weights. */
export const bytes = <const Name extends string>(name: Name): Artifact<Name, Uint8Array> => ({
  name,
  encode: (value) => value,
  decode: (value) => value
})

/** Bytes that no stage should hold as a whole. */
export const stored = <const Name extends string>(name: Name): Artifact<Name, StoredBytes> => ({
  name,
  encode: readAll,
  decode: inMemory,
  stored: true
})

/** Compose, OneOf and SomeOf, and the tree that they and the transforms make. */
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { families, Leaf, type LeafEncoded } from "./families.ts"
import { probability, withDefault } from "./schema.ts"

interface Children {
  readonly transforms: ReadonlyArray<Transform>
}
interface ChildrenEncoded {
  readonly transforms: ReadonlyArray<TransformEncoded>
}

/** All of them, in order; as a whole with probability `p`. */
export interface Compose extends Children {
  readonly _tag: "Compose"
  readonly p: number
}
/** One of them, chosen by the weight of its own `p`, and then applied for certain. */
export interface OneOf extends Children {
  readonly _tag: "OneOf"
  readonly p: number
}
/** `n` draws among them, by weight, with replacement unless `replace` is false. */
export interface SomeOf extends Children {
  readonly _tag: "SomeOf"
  readonly n: number
  readonly replace: boolean
  readonly p: number
}

export type Transform = Leaf | Compose | OneOf | SomeOf
export type TransformEncoded =
  | LeafEncoded
  | (ChildrenEncoded & { readonly _tag: "Compose" | "OneOf"; readonly p?: number })
  | (ChildrenEncoded & { readonly _tag: "SomeOf"; readonly n: number; readonly replace?: boolean; readonly p?: number })

const transforms = Schema.Array(Schema.suspend((): Schema.Codec<Transform, TransformEncoded> => Transform))

export const Compose = Schema.TaggedStruct("Compose", { transforms, p: probability(1) })
export const OneOf = Schema.TaggedStruct("OneOf", { transforms, p: probability(0.5) })
export const SomeOf = Schema.TaggedStruct("SomeOf", {
  transforms,
  n: Schema.Int.check(Schema.isGreaterThan(0)),
  replace: withDefault(Schema.Boolean, true),
  p: probability(1)
})

export const Transform: Schema.Codec<Transform, TransformEncoded> = Schema.Union([Leaf, Compose, OneOf, SomeOf])

/** What is asked of one transform: the names of its parameters, and whether values fit. */
export type TransformSchema = Schema.Codec<unknown, unknown> & { readonly fields: object }

// The schemas of the leaves are structs, as `families` has them; their type there is the codec alone.
const leaves = Object.entries(families).map(
  ([name, { params }]) => [name, params as unknown as TransformSchema] as const
)

/** Each transform's own schema by its `_tag`: for telling what is wrong with one, where the union would list all. */
export const byName: ReadonlyMap<string, TransformSchema> = new Map<string, TransformSchema>([
  ...leaves,
  ["OneOf", OneOf],
  ["SomeOf", SomeOf],
  ["Compose", Compose]
])

/** A list in the order of application; what was left out is filled in. */
export const Transforms = Schema.Array(Transform)
export type Transforms = typeof Transforms.Type

/** The list with its defaults. Fails as `Schema` does, naming the path of what is wrong. */
export const decodeTransforms = (list: unknown): Effect.Effect<Transforms, Schema.SchemaError> =>
  Schema.decodeUnknownEffect(Transforms)(list, { errors: "all", onExcessProperty: "error", reportInput: true })

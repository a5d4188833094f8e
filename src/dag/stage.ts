/**
 * A stage: a typed function from parameters and input artifacts to an output artifact. A node is a stage applied to
 * parameters and to other nodes: nodes are ordinary values, so a wrong wiring does not compile and a cycle cannot be
 * written.
 */
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { AnyArtifact, ValueOf } from "./artifact.ts"
import { ParamsError } from "./errors.ts"
import type { StageServices } from "./services.ts"

/**
 * One input: an artifact type, one that may be left out, a named collection of them, or references: nodes of any type,
 * of which only the digests are wanted (for provenance).
 */
export type Input =
  | { readonly _tag: "One"; readonly artifact: AnyArtifact }
  | { readonly _tag: "Optional"; readonly artifact: AnyArtifact }
  | { readonly _tag: "Many"; readonly artifact: AnyArtifact }
  | { readonly _tag: "References" }

export const one = <A extends AnyArtifact>(artifact: A) => ({ _tag: "One", artifact }) as const
export const optional = <A extends AnyArtifact>(artifact: A) => ({ _tag: "Optional", artifact }) as const
export const many = <A extends AnyArtifact>(artifact: A) => ({ _tag: "Many", artifact }) as const

export const references = { _tag: "References" } as const

export type Inputs = Readonly<Record<string, Input>>

type Value<I extends Input> = I extends { readonly _tag: "References" }
  ? Readonly<Record<string, string>>
  : I extends { readonly _tag: "Many"; readonly artifact: infer A }
    ? Readonly<Record<string, ValueOf<A>>>
    : I extends { readonly _tag: "Optional"; readonly artifact: infer A }
      ? ValueOf<A> | undefined
      : I extends { readonly _tag: "One"; readonly artifact: infer A }
        ? ValueOf<A>
        : never

type Given<I extends Input> = I extends { readonly _tag: "References" }
  ? Readonly<Record<string, AnyNode>>
  : I extends { readonly _tag: "Many"; readonly artifact: infer A extends AnyArtifact }
    ? Readonly<Record<string, Node<A>>>
    : I extends { readonly _tag: "Optional"; readonly artifact: infer A extends AnyArtifact }
      ? Node<A> | undefined
      : I extends { readonly _tag: "One"; readonly artifact: infer A extends AnyArtifact }
        ? Node<A>
        : never

/** The values that `run` receives. */
export type InputValues<I extends Inputs> = { readonly [K in keyof I]: Value<I[K]> }

/** The nodes that stand behind the inputs. */
export type InputNodes<I extends Inputs> = keyof I extends never
  ? Readonly<Record<string, never>>
  : { readonly [K in keyof I]: Given<I[K]> }

/** What a stage fails with: tagged, and its message names the place, the fault and the mend. */
export interface StageFault {
  readonly _tag: string
  readonly message: string
}

export interface Definition<Name extends string, P, PE, I extends Inputs, O extends AnyArtifact> {
  /** Lower case with hyphens; its module exports it under the same name in camel case. */
  readonly name: Name
  /** `import.meta.url` of the module: one stage a module, so that each has a bundle of its own. */
  readonly module: string
  readonly params: Schema.Codec<P, PE>
  readonly inputs: I
  readonly output: O
  /** Parameters that cannot change the output, such as the place of a folder: not part of the key. */
  readonly unkeyed?: ReadonlyArray<keyof P & string>
  /** Parameters that only say how far to go: two nodes that differ in nothing else share their checkpoint. */
  readonly horizon?: ReadonlyArray<keyof P & string>
  /** Files from outside: source name → path. Their paths and bytes are part of the key, the folder's place is not. */
  readonly sources?: (params: P) => Readonly<Record<string, string>>
  /** Declared surroundings that change the output, such as the backend's version. Part of the key. */
  readonly environment?: (params: P) => Readonly<Record<string, string>>
  readonly run: (context: {
    readonly params: P
    readonly inputs: InputValues<I>
  }) => Effect.Effect<ValueOf<O>, StageFault, StageServices>
}

/** A stage whose types are set aside: what the engine works with. */
export interface AnyStage {
  readonly name: string
  readonly module: string
  readonly inputs: Inputs
  readonly output: AnyArtifact
  readonly unkeyed: ReadonlyArray<string>
  readonly horizon: ReadonlyArray<string>
  readonly encodeParams: (params: unknown) => Schema.Json
  readonly decodeParams: (encoded: unknown) => unknown
  readonly sources: (params: unknown) => Readonly<Record<string, string>>
  readonly environment: (params: unknown) => Readonly<Record<string, string>>
  readonly run: (context: {
    readonly params: unknown
    readonly inputs: Readonly<Record<string, unknown>>
  }) => Effect.Effect<unknown, StageFault, StageServices>
}

export interface Node<out A extends AnyArtifact> {
  readonly name: string
  readonly stage: AnyStage
  readonly params: unknown
  /** Input name, or `input.key` for one of a collection → node. */
  readonly inputs: ReadonlyMap<string, AnyNode>
  readonly output: A
}
export type AnyNode = Node<AnyArtifact>

export interface Stage<Name extends string, P, PE, I extends Inputs, O extends AnyArtifact> extends AnyStage {
  readonly name: Name
  readonly output: O
  /** For the types only. */
  readonly "~types"?: { readonly params: P }
  /**
   * Applies the stage. `label` tells apart the nodes of one stage: the node is named `stage` or `stage:label`.
   * Throws `ParamsError` where the parameters do not fit their schema.
   */
  readonly node: (use: { readonly label?: string; readonly params: PE; readonly inputs: InputNodes<I> }) => Node<O>
}

/** True where the work reads the bytes of this input (`name` or `name.key`), not only its digest. */
export const readsBytes = (stage: AnyStage, input: string): boolean =>
  stage.inputs[input.split(".")[0]!]?._tag !== "References"

const inputMap = (inputs: Readonly<Record<string, unknown>>, spec: Inputs): Map<string, AnyNode> => {
  const map = new Map<string, AnyNode>()
  for (const [name, input] of Object.entries(spec)) {
    const given = inputs[name]
    if (given === undefined) continue
    if (input._tag === "Many" || input._tag === "References") {
      for (const [key, node] of Object.entries(given as Record<string, AnyNode>)) map.set(`${name}.${key}`, node)
    } else map.set(name, given as AnyNode)
  }
  return map
}

export const make = <const Name extends string, P, PE, const I extends Inputs, O extends AnyArtifact>(
  definition: Definition<Name, P, PE, I, O>
): Stage<Name, P, PE, I, O> => {
  const codec = Schema.toCodecJson(definition.params)
  const encode = Schema.encodeSync(codec)
  const decode = Schema.decodeUnknownSync(codec)
  // The engine holds stages of every type side by side; params and inputs are decoded by this stage's own schemas
  // before `run` sees them, which is what makes these casts true.
  const stage: AnyStage = {
    name: definition.name,
    module: definition.module,
    inputs: definition.inputs,
    output: definition.output,
    unkeyed: definition.unkeyed ?? [],
    horizon: definition.horizon ?? [],
    encodeParams: (params) => encode(params as P),
    decodeParams: decode,
    sources: (params) => definition.sources?.(params as P) ?? {},
    environment: (params) => definition.environment?.(params as P) ?? {},
    run: (context) => definition.run(context as { readonly params: P; readonly inputs: InputValues<I> })
  }
  const decodeUser = Schema.decodeUnknownResult(definition.params, {
    errors: "all",
    onExcessProperty: "error",
    reportInput: true
  })
  return {
    ...stage,
    name: definition.name,
    output: definition.output,
    node: ({ label, params, inputs }) => {
      const name = label === undefined ? definition.name : `${definition.name}:${label}`
      const decoded = decodeUser(params)
      if (decoded._tag === "Failure") throw new ParamsError({ node: name, issue: decoded.failure.message })
      return {
        name,
        stage,
        params: decoded.success,
        inputs: inputMap(inputs, definition.inputs),
        output: definition.output
      }
    }
  }
}

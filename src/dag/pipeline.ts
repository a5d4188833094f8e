/** A pipeline: the nodes reachable from its targets, and the settings that they are built from. */
import * as Schema from "effect/Schema"
import type { AnyArtifact } from "./artifact.ts"
import { DuplicateNode } from "./errors.ts"
import type { AnyNode, Node } from "./stage.ts"

/** What a run ends in: the sentence for the user and the file to open, both read from one node's artifact. */
export interface Conclusion {
  readonly node: AnyNode
  readonly verdict: (value: unknown) => string
  readonly report: (value: unknown) => ReportFile
  /** Files to lie beside the report. */
  readonly beside: (value: unknown) => ReadonlyArray<ReportFile>
}

/** `name` may hold folders, separated by "/". */
export interface ReportFile {
  readonly name: string
  /** Text, or bytes. */
  readonly content: string | Uint8Array
}

/** What can be said of the data before anything is trained, read from one node's artifact. */
export interface Description {
  readonly node: AnyNode
  readonly text: (value: unknown) => string
  readonly data: (value: unknown) => unknown
  readonly files: (value: unknown) => ReadonlyArray<{ readonly name: string; readonly content: Uint8Array }>
}

export interface Built {
  readonly targets: ReadonlyArray<AnyNode>
  readonly conclusion?: Conclusion
  readonly describe?: Description
}

/** Ties a description to its node's type. */
export const describeBy = <A>(
  node: Node<AnyArtifact & { readonly decode: (bytes: Uint8Array) => A }>,
  view: {
    readonly text: (value: A) => string
    readonly data: (value: A) => unknown
    readonly files: (value: A) => ReadonlyArray<{ readonly name: string; readonly content: Uint8Array }>
  }
): Description => ({
  node,
  text: (value) => view.text(value as A),
  data: (value) => view.data(value as A),
  files: (value) => view.files(value as A)
})

/** Ties a conclusion to its node's type. */
export const conclude = <A>(
  node: Node<AnyArtifact & { readonly decode: (bytes: Uint8Array) => A }>,
  view: {
    readonly verdict: (value: A) => string
    readonly report: (value: A) => ReportFile
    readonly beside?: (value: A) => ReadonlyArray<ReportFile>
  }
): Conclusion => ({
  node,
  verdict: (value) => view.verdict(value as A),
  report: (value) => view.report(value as A),
  beside: (value) => view.beside?.(value as A) ?? []
})

/** A setting that fits its schema and yet cannot be used. Thrown by `build`. */
export class SettingError extends Schema.TaggedError<SettingError>()("SettingError", {
  setting: Schema.String,
  fault: Schema.String,
  mend: Schema.String
}) {
  override get message(): string {
    return `${this.setting}: ${this.fault}\n  mend: ${this.mend}`
  }
}

export interface Pipeline {
  readonly name: string
  readonly description: string
  readonly settings: Schema.Codec<unknown, unknown>
  readonly build: (settings: unknown) => Built
}

export const define = <S, E>(definition: {
  readonly name: string
  readonly description: string
  readonly settings: Schema.Codec<S, E>
  readonly build: (settings: S) => Built
}): Pipeline => ({
  name: definition.name,
  description: definition.description,
  settings: definition.settings as Schema.Codec<unknown, unknown>,
  build: (settings) => definition.build(settings as S)
})

/** All nodes above and including the targets, every node after its inputs. Throws `DuplicateNode`. */
export const nodesOf = (targets: ReadonlyArray<AnyNode>): ReadonlyArray<AnyNode> => {
  const byName = new Map<string, AnyNode>()
  const visit = (node: AnyNode): void => {
    const known = byName.get(node.name)
    if (known === node) return
    if (known !== undefined) throw new DuplicateNode({ node: node.name })
    for (const input of node.inputs.values()) visit(input)
    byName.set(node.name, node)
  }
  for (const target of targets) visit(target)
  return [...byName.values()]
}

/** A pipeline: the nodes reachable from its targets, and the settings that they are built from. */
import * as Schema from "effect/Schema"
import type { AnyArtifact } from "./artifact.ts"
import { DuplicateNode } from "./errors.ts"
import type { AnyNode, Node } from "./stage.ts"

/** What a run ends in: the sentence for the user and the file to open, both read from one node's artifact. */
export interface Conclusion {
  readonly node: AnyNode
  readonly verdict: (value: unknown) => string
  /** What must be seen beside the verdict, a sentence each. */
  readonly remarks: (value: unknown) => ReadonlyArray<string>
  readonly report: (value: unknown) => ReportFile
  /** Files to lie beside the report. */
  readonly beside: (value: unknown) => ReadonlyArray<ReportFile>
}

/** `name` may hold folders, separated by "/"; `SHA256SUMS` is taken: it lists the files of the report's folder. */
export interface ReportFile {
  readonly name: string
  /** Text, or bytes. */
  readonly content: string | Uint8Array
}

/** What can be said of the data before anything is trained, read from one node's artifact. */
export interface Description {
  readonly node: AnyNode
  /** The node that a plan looks for, of the same artifact: `node`, or one above it that says the same of the data. */
  readonly known: AnyNode
  readonly text: (value: unknown) => string
  /** The same in a few lines, for a plan. */
  readonly brief: (value: unknown) => ReadonlyArray<string>
  readonly data: (value: unknown) => unknown
  readonly files: (value: unknown) => ReadonlyArray<{ readonly name: string; readonly content: Uint8Array }>
}

/** What `build` gives: the nodes that a run is for, and what is said of them. */
export interface Built {
  /** A run makes these and all above them. */
  readonly targets: ReadonlyArray<AnyNode>
  /** The sentence and the report that a run ends with (`conclude`). */
  readonly conclusion?: Conclusion
  /** What the command `data` shows, and `plan` in brief (`describeBy`). */
  readonly describe?: Description
}

/** Ties a description to its node's type. */
export const describeBy = <A>(
  node: Node<AnyArtifact & { readonly decode: (bytes: Uint8Array) => A }>,
  view: {
    /** A node above with the same facts, which fewer settings change: what `plan` shows is read from it. */
    readonly known?: Node<AnyArtifact & { readonly decode: (bytes: Uint8Array) => A }>
    readonly text: (value: A) => string
    readonly brief?: (value: A) => ReadonlyArray<string>
    readonly data: (value: A) => unknown
    readonly files: (value: A) => ReadonlyArray<{ readonly name: string; readonly content: Uint8Array }>
  }
): Description => ({
  node,
  known: view.known ?? node,
  text: (value) => view.text(value as A),
  brief: (value) => view.brief?.(value as A) ?? [],
  data: (value) => view.data(value as A),
  files: (value) => view.files(value as A)
})

/** Ties a conclusion to its node's type. */
export const conclude = <A>(
  node: Node<AnyArtifact & { readonly decode: (bytes: Uint8Array) => A }>,
  view: {
    readonly verdict: (value: A) => string
    readonly remarks?: (value: A) => ReadonlyArray<string>
    readonly report: (value: A) => ReportFile
    readonly beside?: (value: A) => ReadonlyArray<ReportFile>
  }
): Conclusion => ({
  node,
  verdict: (value) => view.verdict(value as A),
  remarks: (value) => view.remarks?.(value as A) ?? [],
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

/** A pipeline whose types are set aside: what the command line works with. */
export interface Pipeline {
  readonly name: string
  readonly description: string
  readonly settings: Schema.Codec<unknown, unknown>
  readonly build: (settings: unknown) => Built
}

/** A pipeline: its settings, and the nodes that they mean. */
export const define = <S, E>(definition: {
  /** What `--pipeline` names. */
  readonly name: string
  /** In a few words, for lists. */
  readonly description: string
  /** What `--set` and `--config` may say; `annotate({ description })` on a field is what `config show` tells of it. */
  readonly settings: Schema.Codec<S, E>
  /** The nodes for these settings. Runs nothing; throws `SettingError` where settings fit their schema and not each other. */
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

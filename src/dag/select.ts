/**
 * Selection: which nodes a run may make, and what leaving the others out does. A node that is left out is still used
 * where the store has its output; where it would have to run, what needs it is blocked.
 */

/** Each a list of globs over node names; `*` stands for any text, `?` for one character, `{a,b}` for either. */
export interface SelectionOptions {
  /** These nodes. */
  readonly only?: ReadonlyArray<string>
  /** These nodes and all below them. */
  readonly from?: ReadonlyArray<string>
  /** These nodes and all above them. */
  readonly until?: ReadonlyArray<string>
  /** All below these nodes, without themselves. */
  readonly downstream?: ReadonlyArray<string>
  /** Of the selected nodes, those that run even where the store has their output. */
  readonly force?: ReadonlyArray<string>
}

/** A node as far as selection goes: its name and the names of its inputs. */
export interface Selectable {
  readonly name: string
  readonly inputs: ReadonlyArray<string>
}

export interface Selection {
  readonly selected: ReadonlySet<string>
  readonly forced: ReadonlySet<string>
  /** In the order of the nodes. */
  readonly leftOut: ReadonlyArray<string>
  /** Globs that no node matches. */
  readonly unmatched: ReadonlyArray<string>
}

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/gu, "\\$&")

/** A glob as a test of names. Braces do not nest. */
export const globToTest = (glob: string): ((name: string) => boolean) => {
  const source = glob
    .split(/(\*|\?|\{[^{}]*\})/u)
    .map((part) => {
      if (part === "*") return ".*"
      if (part === "?") return "."
      const isChoice = part.startsWith("{") && part.endsWith("}")
      return isChoice ? `(?:${part.slice(1, -1).split(",").map(literally).join("|")})` : literally(part)
    })
    .join("")
  const pattern = new RegExp(`^${source}$`, "su")
  return (name) => pattern.test(name)
}

/** The given nodes and all that `next` leads to from them. */
const closure = (from: Iterable<string>, next: ReadonlyMap<string, ReadonlyArray<string>>): ReadonlySet<string> => {
  const reached = new Set(from)
  // A set is walked in the order of insertion, what is added meanwhile included.
  for (const name of reached) for (const other of next.get(name) ?? []) reached.add(other)
  return reached
}

const dependants = (nodes: ReadonlyArray<Selectable>): ReadonlyMap<string, ReadonlyArray<string>> => {
  const below = new Map<string, Array<string>>(nodes.map(({ name }) => [name, []]))
  for (const { name, inputs } of nodes) for (const input of inputs) below.get(input)?.push(name)
  return below
}

/** Several kinds of options narrow each other down; several globs of one kind add up. None selects all. */
export const select = (nodes: ReadonlyArray<Selectable>, options: SelectionOptions): Selection => {
  const names = nodes.map(({ name }) => name)
  const unmatched: Array<string> = []
  const matching = (globs: ReadonlyArray<string>): ReadonlyArray<string> =>
    globs.flatMap((glob) => {
      const found = names.filter(globToTest(glob))
      if (found.length === 0) unmatched.push(glob)
      return found
    })
  const above = new Map(nodes.map(({ name, inputs }) => [name, inputs]))
  const below = dependants(nodes)
  const narrowings: Array<ReadonlySet<string>> = []
  const given = (globs: ReadonlyArray<string> | undefined): globs is ReadonlyArray<string> =>
    globs !== undefined && globs.length > 0
  if (given(options.only)) narrowings.push(new Set(matching(options.only)))
  if (given(options.from)) narrowings.push(closure(matching(options.from), below))
  if (given(options.until)) narrowings.push(closure(matching(options.until), above))
  if (given(options.downstream)) {
    const children = matching(options.downstream).flatMap((name) => below.get(name) ?? [])
    narrowings.push(closure(children, below))
  }
  const selected = new Set(names.filter((name) => narrowings.every((set) => set.has(name))))
  const forced = new Set(matching(options.force ?? []).filter((name) => selected.has(name)))
  return { selected, forced, leftOut: names.filter((name) => !selected.has(name)), unmatched }
}

/** What a run under a selection does with a node. */
export type Fate =
  /** Its output is taken from the store. */
  | { readonly _tag: "Hit" }
  | { readonly _tag: "Run" }
  /** Forced to run though the store has its output. */
  | { readonly _tag: "Forced" }
  /** Decided once what is above it has run. */
  | { readonly _tag: "Unknown" }
  /** It is left out, and its output is not, or not known to be, in the store. */
  | { readonly _tag: "LeftOut" }
  /** It is selected, and cannot run: these nodes above it are left out and have no output. */
  | { readonly _tag: "Blocked"; readonly by: ReadonlyArray<string> }

/** Each node's fate. `nodes` are in an order in which every node follows its inputs, with the states of a plan. */
export const fates = (
  nodes: ReadonlyArray<Selectable & { readonly state: "hit" | "run" | "unknown" | "blocked" }>,
  selection: Pick<Selection, "selected" | "forced">
): ReadonlyMap<string, Fate> => {
  const decided = new Map<string, Fate>()
  /** The left-out nodes without output that a node's fate hangs on. */
  const obstacles = (inputs: ReadonlyArray<string>): ReadonlyArray<string> => [
    ...new Set(
      inputs.flatMap((input) => {
        const fate = decided.get(input)
        if (fate?._tag === "LeftOut") return [input]
        return fate?._tag === "Blocked" ? fate.by : []
      })
    )
  ]
  const moving = (input: string): boolean => {
    const tag = decided.get(input)?._tag
    return tag === "Run" || tag === "Forced" || tag === "Unknown"
  }
  const fateOf = (node: (typeof nodes)[number]): Fate => {
    const by = obstacles(node.inputs)
    const selected = selection.selected.has(node.name)
    if (by.length > 0) return selected ? { _tag: "Blocked", by } : { _tag: "LeftOut" }
    if (!selected) return node.state === "hit" && !node.inputs.some(moving) ? { _tag: "Hit" } : { _tag: "LeftOut" }
    if (selection.forced.has(node.name)) return { _tag: "Forced" }
    if (node.inputs.some(moving)) return { _tag: "Unknown" }
    return node.state === "hit" ? { _tag: "Hit" } : { _tag: "Run" }
  }
  for (const node of nodes) decided.set(node.name, fateOf(node))
  return decided
}

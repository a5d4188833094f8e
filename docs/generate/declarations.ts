/** Reads the declarations (`.d.ts`) that the compiler writes: every export with its docstring. */

export interface Declaration {
  readonly name: string
  /** The docstring as prose; empty where there is none. */
  readonly doc: string
  readonly code: string
}

/** Lines of a docstring without its marks; a line of its own begins a paragraph or list as it was written. */
const proseOf = (comment: string): string =>
  comment
    .replace(/^\s*\/\*\*\s?/u, "")
    .replace(/\s*\*\/\s*$/u, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/u, ""))
    .join("\n")
    .trim()

const nameOf = (code: string): string | undefined =>
  /^export (?:declare )?(?:const|function|class|interface|type) (\w+)/mu.exec(code)?.[1]

/** A comment that stands at the margin, and what follows up to the next thing at the margin. */
const chunksOf = (text: string): ReadonlyArray<string> =>
  text
    .split(/^(?=\/\*\*|export |declare |import )/mu)
    .map((chunk) => chunk.trim())
    .filter((chunk) => chunk !== "")

/** The module's own docstring and its exports in order. A class's hidden base stands with the class. */
export const declarationsOf = (
  text: string
): { readonly doc: string; readonly declarations: ReadonlyArray<Declaration> } => {
  let doc: string | undefined
  let comment: string | undefined
  let base: Array<string> = []
  const found = new Map<string, Declaration>()
  for (const chunk of chunksOf(text)) {
    if (chunk.startsWith("/**")) {
      // Two comments in a row at the top: the first is the module's.
      if (comment !== undefined) doc ??= proseOf(comment)
      comment = chunk
    } else if (chunk.startsWith("import ")) {
      if (comment !== undefined) doc ??= proseOf(comment)
      comment = undefined
    } else if (chunk.startsWith("declare ")) base.push(chunk)
    else {
      const name = nameOf(chunk)
      const known = name === undefined ? undefined : found.get(name)
      if (name !== undefined) {
        const code = [...(known === undefined ? [] : [known.code]), ...base, chunk].join("\n")
        const own = comment === undefined ? "" : proseOf(comment)
        found.set(name, { name, doc: [known?.doc ?? "", own].filter((part) => part !== "").join("\n\n"), code })
      }
      comment = undefined
      base = []
    }
  }
  return { doc: doc ?? "", declarations: [...found.values()] }
}

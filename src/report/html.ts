/**
 * HTML that is escaped by construction: a template literal whose values are text unless they are `Html` themselves.
 * What comes from outside (names of files, columns, arms) reaches the page through here and only as text.
 */

const content: unique symbol = Symbol("html")

/** A piece of finished markup. Made by `html` or, for markup of our own, by `trusted`. */
export interface Html {
  readonly [content]: string
}

export type Child = Html | string | number | null | undefined | ReadonlyArray<Child>

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" }

/**
 * Characters that a browser drops or that reorder the text around them (C0 and C1 controls, bidirectional overrides
 * and isolates, lone surrogates): a file name with one of them could read as another. Shown by code point instead.
 */
export const visible = (text: string): string =>
  text.toWellFormed().replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`
  )

/** Text for an element or a double-quoted attribute. */
export const escapeText = (text: string): string =>
  visible(text).replace(/[&<>"']/g, (character) => entities[character]!)

/** Markup of our own making: drawn SVG, the style sheet. Never for anything from outside. */
export const trusted = (markup: string): Html => ({ [content]: markup })

export const toText = (child: Child): string => {
  if (child === null || child === undefined) return ""
  if (typeof child === "string") return escapeText(child)
  if (typeof child === "number") return String(child)
  if (Array.isArray(child)) return child.map(toText).join("")
  return (child as Html)[content]
}

export const html = (strings: TemplateStringsArray, ...children: ReadonlyArray<Child>): Html =>
  trusted(strings.reduce((text, part, index) => text + toText(children[index - 1]) + part))

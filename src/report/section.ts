/** A section of the page: its figures as data, drawn by `render.ts`, and the text that stands around them. */
import type { Figure } from "./figure.ts"
import { type Html, html } from "./html.ts"

export interface Section {
  /** Names the place in the page; lower-case letters and dashes. */
  readonly id: string
  readonly title: string
  readonly figures: ReadonlyArray<Figure>
  /** The content under the title, around the drawn figures (in the order of `figures`). */
  readonly body: (figures: ReadonlyArray<Html>) => Html
}

/** A section that is nothing but its figures. */
export const figuresOnly = (figures: ReadonlyArray<Html>): Html => html`${figures}`

export const wrap = ({ id, title }: Section, content: Html): Html =>
  html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${content}</section>
`

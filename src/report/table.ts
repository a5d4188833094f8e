/** Tables: a caption, named columns, a header in every row, and a box of its own to scroll in where the page is narrow. */
import { type Child, type Html, html } from "./html.ts"

export interface Column {
  readonly title: Child
  /** Set right, in figures of one width. */
  readonly numeric?: boolean
}

export interface Table {
  /** What the table holds: printed over it, and the name of its scrolling box. */
  readonly caption: string
  readonly columns: ReadonlyArray<Column>
  /** A row over the columns' titles, each title over `span` columns. */
  readonly groups?: ReadonlyArray<{ readonly title: string; readonly span: number }>
  /** Cells in the order of the columns; the first is the row's header. */
  readonly rows: ReadonlyArray<ReadonlyArray<Child>>
  readonly className?: string
}

export const table = ({ caption, columns, groups, rows, className }: Table): Html => {
  const align = (index: number): Html => (columns[index]?.numeric ? html` class="number"` : html``)
  const over =
    groups === undefined
      ? null
      : html`<tr class="over">${groups.map((group) =>
          group.title === ""
            ? html`<td colspan="${group.span}"></td>`
            : html`<th scope="colgroup" colspan="${group.span}">${group.title}</th>`
        )}</tr>`
  return html`<div class="scroll ${className ?? ""}" role="region" aria-label="${caption}" tabindex="0">
<table><caption>${caption}</caption>
<thead>${over}<tr>${columns.map((column, index) => html`<th scope="col"${align(index)}>${column.title}</th>`)}</tr></thead>
<tbody>${rows.map(
    (cells) =>
      html`<tr>${cells.map((cell, index) =>
        index === 0 ? html`<th scope="row"${align(index)}>${cell}</th>` : html`<td${align(index)}>${cell}</td>`
      )}</tr>
`
  )}</tbody></table></div>`
}

/** A table behind a line that opens it: the figures of a chart, for those who do not see it or want to check it. */
export const folded = (summary: string, content: Table): Html =>
  html`<details><summary>${summary}</summary>${table(content)}</details>`

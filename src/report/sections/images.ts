/** Images in the page: an image with its words, in a grid. */
import { type Child, type Html, html } from "../html.ts"

/** `png` is base64 and was checked to be (`Png` in `input.ts`). `alt` says what the image is, not what it looks like. */
export const picture = (png: string, alt: string): Html =>
  html`<img src="data:image/png;base64,${png}" alt="${alt}" width="128" height="128">`

export const captioned = (images: ReadonlyArray<Html>, words: Child): Html =>
  html`<li><div class="images">${images}</div><p>${words}</p></li>
`

export const gallery = (items: ReadonlyArray<Html>, caption: Html): Html =>
  html`<figure><ul class="gallery">${items}</ul><figcaption>${caption}</figcaption></figure>
`

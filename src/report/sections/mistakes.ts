/** The worst mistakes as images, each with what the model looked at where a map of that was made. */
import { fixed } from "../format.ts"
import { html } from "../html.ts"
import type { ReportInput } from "../input.ts"
import type { Section } from "../section.ts"
import { captioned, gallery, picture } from "./images.ts"

export const mistakes = ({ classes, mistakes: worst = [] }: ReportInput): Section | null => {
  if (worst.length === 0) return null
  const map = worst.find((mistake) => mistake.overlay !== undefined)?.map
  const mapped = worst.some((mistake) => mistake.overlay !== undefined)
  const where = map === undefined ? "" : ` at the output of block ${map.block}, ${map.side} × ${map.side} cells`
  const items = worst.map(({ arm, id, image, label, overlay, probability, seed, threshold }) => {
    const [truth, called] = label === 1 ? [classes.positive, classes.negative] : [classes.negative, classes.positive]
    const words = html`<b>${truth}</b> called ${called}<br>p(${classes.positive}) = ${fixed(probability)}, threshold ${fixed(threshold)}<br><span class="quiet">${id}<br>${arm}, seed ${seed}</span>`
    const pictures = [picture(image, `${id}: ${truth} called ${called}`)]
    if (overlay !== undefined) pictures.push(picture(overlay, `${id}: what the model looked at`))
    return captioned(pictures, words)
  })
  return {
    id: "mistakes",
    title: "Worst mistakes",
    figures: [],
    body: () =>
      gallery(
        items,
        html`<b>The test images that were called wrong with most confidence.</b> Each once, by the network that has it farthest on the wrong side of its own threshold.${mapped ? ` Beside them: Grad-CAM (Selvaraju et al. 2017)${where}: what spoke for the class that was called, from blue to yellow. It shows a region and no detail; grey all over, nothing in the image spoke for it.` : ""}`
      )
  }
}

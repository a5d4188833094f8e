/** The head of the page: the verdict in one sentence, the figures it rests on, what would change it, and the limits. */
import type { Outcome } from "../../statistics/comparison-types.ts"
import { type Html, html } from "../html.ts"
import type { ReportInput } from "../input.ts"
import { warnings } from "../warnings.ts"

export const outcomes: Record<Outcome, string> = {
  helped: "Helped",
  hurt: "Hurt",
  equivalent: "Equivalent",
  undecided: "Cannot be told"
}

/** The answer large, and what follows its first colon (the figures) smaller: one sentence still, one heading. */
const heading = (sentence: string): Html => {
  const colon = sentence.indexOf(": ")
  return colon < 0
    ? html`${sentence}`
    : html`${sentence.slice(0, colon + 1)}<span class="figures">${sentence.slice(colon + 1)}</span>`
}

const points = (title: string, items: ReadonlyArray<string>): Html =>
  items.length === 0 ? html`` : html`<h2>${title}</h2><ul>${items.map((text) => html`<li>${text}</li>`)}</ul>`

export const verdict = (input: ReportInput): Html => {
  const { comparison, notes, pipeline, title } = input
  const { outcome, sentence, because, wouldChange } = comparison.verdict
  const limits = [...warnings(input), ...notes]
  const others = comparison.verdicts.filter((other) => other.arm !== comparison.verdict.arm)
  return html`<header class="head">
<p class="eyebrow"><span class="mark">Dermograph</span> ${title} <span class="quiet">· pipeline ${pipeline}</span></p>
<p class="outcome outcome-${outcome}">${outcomes[outcome]}</p>
<h1 id="verdict" data-outcome="${outcome}">${heading(sentence)}</h1>
</header>
<section class="grounds" aria-label="Grounds of the verdict">
<div><h2>It rests on</h2><dl class="because">${because.map(
    (ground) => html`<div><dt>${ground.name}</dt><dd>${ground.text}</dd></div>
`
  )}</dl></div>
<div>${points("What would change it", wouldChange)}${points("Limits", limits)}</div>
</section>
${
  others.length === 0
    ? null
    : html`<section class="others-of" aria-label="The other arms"><ul class="others">${others.map(
        (other) => html`<li><b class="outcome-${other.outcome}">${outcomes[other.outcome]}.</b> ${other.sentence}</li>
`
      )}</ul></section>`
}`
}

/** The page around the sections: one document that loads nothing and runs nothing, by its own policy. */
import { type Html, html, toText, trusted } from "./html.ts"
import type { ReportInput } from "./input.ts"
import { outcomes, verdict } from "./sections/verdict.ts"
import { style } from "./style.ts"

export interface PageSection {
  readonly id: string
  readonly title: string
  readonly content: Html
}

const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

export const page = (input: ReportInput, sections: ReadonlyArray<PageSection>): string => {
  const title = `${outcomes[input.comparison.verdict.outcome]} · ${input.title}`
  return toText(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(style)}</style>
</head>
<body>
<a class="skip" href="#difference">Skip to the figures</a>
<main>
${verdict(input)}
<nav aria-label="Sections"><ul>${sections.map((section) => html`<li><a href="#${section.id}">${section.title}</a></li>`)}</ul></nav>
${sections.map((section) => section.content)}
<footer><p>Made by Dermograph. Not a medical device: a comparison of training data, made on the images named above.</p></footer>
</main>
</body>
</html>
`)
}

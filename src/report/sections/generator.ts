/** The generator: how near its images are to real ones, and whether it has learned training images by heart. */

import type { GanTest } from "../../statistics/generators/gan-test.ts"
import type { GeneratorQuality } from "../../statistics/generators/quality.ts"
import type { Auc, Proportion } from "../../statistics/types.ts"
import { count, fixed, interval, list, missing, percent, significant } from "../format.ts"
import { type Html, html } from "../html.ts"
import type { ReportInput } from "../input.ts"
import type { Section } from "../section.ts"
import { table } from "../table.ts"
import { captioned, gallery, picture } from "./images.ts"

const auc = (value: Auc | null | undefined): string =>
  value === null || value === undefined ? missing : `${fixed(value.value)} ${interval(value.low, value.high)}`

/** A measure a row: its name, its figure for one class, how to read it. */
const measures: ReadonlyArray<readonly [string, (quality: GeneratorQuality) => string, string]> = [
  ["Images, real and synthetic", ({ real, synthetic }) => `${count(real)}, ${count(synthetic)}`, ""],
  [
    "KID (± standard error)",
    ({ kid }) => (kid === null ? missing : `${significant(kid.value)} ± ${significant(kid.se)}`),
    "0 where the distributions are equal; unbiased, so sizes of sets may differ"
  ],
  [
    "FID",
    ({ fid }) =>
      fid === null ? missing : `${significant(fid.value)}, n = ${count(fid.real)}, ${count(fid.synthetic)}`,
    "grows as n falls: compare only at equal n and in this feature space"
  ],
  ["Precision", ({ manifold }) => fixed(manifold?.precision), "share of synthetic images that lie among real ones"],
  ["Recall", ({ manifold }) => fixed(manifold?.recall), "share of real images that lie among synthetic ones"],
  [
    "Density",
    ({ manifold }) => fixed(manifold?.density),
    "how many real neighbourhoods a synthetic image lies in; about 1 where both sets are alike"
  ],
  [
    "Coverage",
    ({ manifold }) => fixed(manifold?.coverage),
    "share of real neighbourhoods with a synthetic image in them"
  ],
  [
    "Real or synthetic, AUC on features",
    ({ realVersusFake }) => auc(realVersusFake.features),
    "0.5: cannot be told apart; near 1: something else than the disease to learn from"
  ],
  [
    "the same on high frequencies",
    ({ realVersusFake }) => auc(realVersusFake.spectrum),
    "near 1: a texture that nobody sees and a network does"
  ],
  [
    "Nearest training image, median distance",
    ({ memorisation }) =>
      memorisation === null
        ? missing
        : `${significant(memorisation.syntheticDistance)}; real, held out: ${significant(memorisation.heldOutDistance)}`,
    "synthetic images much nearer than held-out real ones would be copies"
  ],
  [
    "Nearer than held-out real, AUC",
    ({ memorisation }) => auc(memorisation?.nearer),
    "0.5 as it should be; towards 1: copies"
  ],
  [
    "Authentic",
    ({ memorisation }) => percent(memorisation?.authentic),
    "farther from training than training is from itself"
  ]
]

const share = (value: Proportion | null): string =>
  value === null
    ? missing
    : `${percent(value.value)} (${percent(value.low)} to ${percent(value.high)}), ${value.successes} of ${value.trials}`

/** GAN-test: the reference arm's networks on the synthetic images, beside real test images of the class. */
const called = (tested: ReadonlyArray<GanTest>, reference: string): Html => html`${table({
  caption: `The networks of "${reference}" on synthetic images: share called by their class`,
  columns: [{ title: "Class" }, { title: "Seed", numeric: true }, { title: "Synthetic" }, { title: "Real, test" }],
  rows: tested.map((row) => [row.className, String(row.seed), share(row.synthetic), share(row.real)])
})}
<p class="small">GAN-test (Shmelkov et al. 2018), at each network's own threshold, with Wilson's 95 % interval. Far fewer than of the real images: they do not look like their class. Far more: they are easier than real ones, and have less to teach.</p>
`

const examples = (triples: NonNullable<ReportInput["triples"]>): Html =>
  gallery(
    triples.map(({ class: name, nearest, real, synthetic }) =>
      captioned(
        [
          picture(real.image, `real ${name}: ${real.id}`),
          picture(synthetic.image, `synthetic ${name}: ${synthetic.id}`),
          picture(nearest.image, `training image nearest to ${synthetic.id}: ${nearest.id}`)
        ],
        html`<b>${name}</b> distance ${significant(nearest.distance)}<br><span class="quiet">${synthetic.id}<br>nearest: ${nearest.id}</span>`
      )
    ),
    html`<b>Real, synthetic, and the training image nearest to the synthetic one</b>, from left to right: of each class first the pairs nearest to each other, then some that were drawn. A third image that is the second again would mean that the generator repeats its training set.`
  )

export const generatorSection = ({
  comparison,
  generator = [],
  tested = [],
  triples = []
}: ReportInput): Section | null => {
  if (generator.length === 0 && triples.length === 0) return null
  const spaces = [...new Set(generator.map((quality) => quality.featureSpace))]
  const figures = () => html`${table({
    caption: "Synthetic against real images",
    columns: [
      { title: "Measure" },
      ...generator.map((quality) => ({ title: quality.className })),
      { title: "How to read it" }
    ],
    rows: measures.map(([name, figure, note]) => [name, ...generator.map(figure), note]),
    className: "noted"
  })}
<p class="small">Features: ${list(spaces)}. Precision, recall, density and coverage with ${generator[0]?.manifold?.k ?? 5} nearest neighbours.</p>`
  return {
    id: "generator",
    title: "The generator",
    figures: [],
    body: () => html`${generator.length === 0 ? null : figures()}
${tested.length === 0 ? null : called(tested, comparison.reference)}
${triples.length === 0 ? null : examples(triples)}`
  }
}

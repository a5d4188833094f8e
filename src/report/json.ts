/** The report as data: all figures of the page, without its images and without what grows with the test set. */
import canonicalize from "canonicalize"
import type { Comparison } from "../statistics/comparison-types.ts"
import type { GeneratorQuality } from "../statistics/generators/quality.ts"
import type { ReportInput } from "./input.ts"

/** Grows by one when a field changes its meaning or goes. */
export const reportVersion = 1

/** The vertices of the ROC and precision-recall curves can be made again from the predictions' own file. */
const withoutCurves = ({ arms, ...comparison }: Comparison) => ({
  ...comparison,
  arms: arms.map((arm) => ({
    ...arm,
    seeds: arm.seeds.map(({ metrics: { precisionRecall, roc, ...metrics }, seed }) => ({ seed, metrics }))
  }))
})

const withoutPairs = ({ memorisation, ...quality }: GeneratorQuality) => {
  if (memorisation === null) return { ...quality, memorisation }
  const { nearest, ...figures } = memorisation
  return { ...quality, memorisation: figures }
}

/** `report.json`: indented, keys sorted, ends with a line break. */
export const reportJson = ({
  comparison,
  generator,
  mistakes,
  predictions,
  triples,
  views,
  ...input
}: ReportInput): string => {
  const report = {
    version: reportVersion,
    verdict: comparison.verdict,
    ...input,
    comparison: withoutCurves(comparison),
    ...(generator === undefined ? {} : { generator: generator.map(withoutPairs) }),
    ...(views === undefined ? {} : { views: { id: views.id, views: views.views } }),
    ...(mistakes === undefined ? {} : { mistakes: mistakes.map(({ image, overlay, ...rest }) => rest) }),
    ...(triples === undefined
      ? {}
      : {
          triples: triples.map((triple) => ({
            class: triple.class,
            real: triple.real.id,
            synthetic: triple.synthetic.id,
            nearest: { id: triple.nearest.id, distance: triple.nearest.distance }
          }))
        })
  }
  return `${JSON.stringify(JSON.parse(canonicalize(report) ?? "null"), null, 2)}\n`
}

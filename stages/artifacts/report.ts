import * as Schema from "effect/Schema"
import * as Artifact from "../../src/dag/artifact.ts"
import { Comparison } from "../../src/statistics/comparison-types.ts"

const ReportSchema = /*#__PURE__*/ Schema.Struct({
  comparison: Comparison,
  /** What was let through, and what is odd about the images: to be seen beside the verdict. */
  remarks: /*#__PURE__*/ Schema.Array(Schema.String),
  /** One self-contained page. */
  html: Schema.String,
  /** The same figures as data. */
  json: Schema.String,
  /** Markdown. */
  modelCard: Schema.String,
  /** Of all arms and seeds: CSV, and an Arrow file in base64. */
  predictions: /*#__PURE__*/ Schema.Struct({ csv: Schema.String, arrow: Schema.String }),
  /** Each chart as an SVG file. */
  charts: /*#__PURE__*/ Schema.Array(/*#__PURE__*/ Schema.Struct({ name: Schema.String, svg: Schema.String }))
})

/** The verdict and what it rests on. */
export const Report = /*#__PURE__*/ Artifact.json("Report", ReportSchema)

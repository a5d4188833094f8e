/** What `predict --json` and `export --json` print. */
import * as Schema from "effect/Schema"
import { classNames } from "../src/dataset/dataset.ts"

export const Predicted = Schema.Struct({
  model: Schema.Struct({
    pipeline: Schema.String,
    run: Schema.String,
    node: Schema.String,
    variant: Schema.String,
    side: Schema.Int,
    backend: Schema.String
  }),
  /** The threshold: a logit and the calibrated probability that it stands for, sigmoid(logit / temperature). */
  rule: Schema.Struct({
    name: Schema.Literal("youden"),
    chosenOn: Schema.Literal("validation"),
    logit: Schema.Finite,
    probability: Schema.Finite,
    temperature: Schema.Finite
  }),
  predictions: Schema.Array(
    Schema.Struct({
      path: Schema.String,
      /** Calibrated. */
      probability: Schema.Finite,
      logit: Schema.Finite,
      call: Schema.Literals(classNames),
      /** Path of the picture, with `--cam`. */
      cam: Schema.NullOr(Schema.String)
    })
  ),
  /** What could not be read, a sentence each. */
  unreadable: Schema.Array(Schema.String)
})

export const Exported = Schema.Struct({
  run: Schema.String,
  node: Schema.String,
  format: Schema.String,
  files: Schema.Array(Schema.String),
  /** How many images it was compared on, and by how much the logits differed at most. */
  images: Schema.Int,
  largestDifference: Schema.Finite
})

export const outputs = { predict: Predicted, export: Exported } as const

/**
 * The split and the synthetic set → that a comparison on them can be valid, or the refusal with the rows. All training
 * waits for it, also that of arms without synthetic images: what will be refused costs no training.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stage from "../src/dag/stage.ts"
import { checkProvenance, ProvenanceOverride } from "../src/dataset/provenance.ts"
import { Audit } from "./artifacts/audit.ts"
import { Dataset } from "./artifacts/dataset.ts"
import { Split } from "./artifacts/split.ts"

export const audit = Stage.make({
  name: "audit",
  module: import.meta.url,
  params: Schema.Struct({
    /** Rules that are switched off by name. */
    allow: Schema.Array(ProvenanceOverride)
  }),
  inputs: { real: Stage.one(Dataset), synthetic: Stage.one(Dataset), split: Stage.one(Split) },
  output: Audit,
  run: ({ params, inputs: { real, synthetic, split } }) =>
    Effect.as(checkProvenance(synthetic, synthetic.rows, real, new Set(split.train), params.allow), {
      valid: true as const
    })
})

import * as Schema from "effect/Schema"
import * as Artifact from "../../src/dag/artifact.ts"
import { Triple } from "../../src/report/input.ts"
import { GanTest } from "../../src/statistics/generators/gan-test.ts"
import { GeneratorQuality } from "../../src/statistics/generators/quality.ts"

const JudgementSchema = /*#__PURE__*/ Schema.Struct({
  /** One a class of synthetic images. */
  quality: /*#__PURE__*/ Schema.Array(GeneratorQuality),
  /** One a class and seed of the reference arm. */
  tested: /*#__PURE__*/ Schema.Array(GanTest),
  triples: /*#__PURE__*/ Schema.Array(Triple)
})

/** How near a generator's images are to real ones, and what networks trained on real images make of them. */
export const GeneratorJudgement = /*#__PURE__*/ Artifact.json("GeneratorJudgement", JudgementSchema)

import * as Artifact from "../../src/dag/artifact.ts"
import { AugmentationPlan as schema } from "../../src/image/plan.ts"

/** For every training image and view, the sampled parameters of every transform. */
export const AugmentationPlan = /*#__PURE__*/ Artifact.json("AugmentationPlan", schema)

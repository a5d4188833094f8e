import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Artifact from "../../src/dag/artifact.ts"
import { OutputFile } from "../../src/dag/services.ts"
import type { AugmentationPlan as Plan } from "../../src/image/plan.ts"
import { planLines } from "../../src/image/plan-file.ts"

/** For every training image and view, the sampled parameters of every transform: `openPlan` reads it. */
export const AugmentationPlan = /*#__PURE__*/ Artifact.stored("AugmentationPlan")

/** Writes a plan as an output, image by image. */
export const writePlan = (plan: Plan) =>
  Effect.flatMap(OutputFile, (file) => file.write(Stream.fromIterable(planLines(plan))))

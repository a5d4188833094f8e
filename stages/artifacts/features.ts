import * as Artifact from "../../src/dag/artifact.ts"

/** Outputs of the frozen part of a network for all views of a pack's images (src/model/features/pack.ts). */
export const Features = /*#__PURE__*/ Artifact.stored("Features")

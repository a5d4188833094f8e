import * as Artifact from "../../src/dag/artifact.ts"

/** Batch-norm statistics without the weights (src/model/weights/statistics.ts). */
export const Statistics = /*#__PURE__*/ Artifact.bytes("Statistics")

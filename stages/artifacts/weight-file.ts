import * as Artifact from "../../src/dag/artifact.ts"

/** A weight file as it was fetched, of any format. */
export const WeightFile = /*#__PURE__*/ Artifact.bytes("WeightFile")

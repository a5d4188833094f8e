import * as Artifact from "../../src/dag/artifact.ts"

/** A weight file as it came: safetensors. */
export const Weights = /*#__PURE__*/ Artifact.bytes("Weights")

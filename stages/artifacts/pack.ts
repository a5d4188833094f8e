import * as Artifact from "../../src/dag/artifact.ts"

/** Rendered images, all views of each, keyed by the digest of the original's bytes (src/image/pack.ts). */
export const Pack = /*#__PURE__*/ Artifact.stored("Pack")

import * as Artifact from "../../src/dag/artifact.ts"
import { Split as schema } from "../../src/dataset/split.ts"

/** Which image stands in train, validation and test. */
export const Split = /*#__PURE__*/ Artifact.json("Split", schema)

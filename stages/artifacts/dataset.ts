import * as Artifact from "../../src/dag/artifact.ts"
import { Dataset as schema } from "../../src/dataset/dataset.ts"

/** The images of one folder as a table: digest, label, group, origin, size. */
export const Dataset = /*#__PURE__*/ Artifact.json("Dataset", schema)

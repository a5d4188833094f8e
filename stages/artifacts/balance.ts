import * as Artifact from "../../src/dag/artifact.ts"
import { Balance as schema } from "../../src/dataset/balance.ts"

/** The training rows of one arm with their weights. */
export const Balance = /*#__PURE__*/ Artifact.json("Balance", schema)

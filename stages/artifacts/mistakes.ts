import * as Schema from "effect/Schema"
import * as Artifact from "../../src/dag/artifact.ts"
import { Mistake } from "../../src/report/input.ts"

/** The worst mistakes on the test images, as pictures. */
export const Mistakes = /*#__PURE__*/ Artifact.json("Mistakes", /*#__PURE__*/ Schema.Array(Mistake))

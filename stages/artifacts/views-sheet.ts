import * as Schema from "effect/Schema"
import * as Artifact from "../../src/dag/artifact.ts"
import { ViewsSheet as schema } from "../../src/report/input.ts"

/** A training image and its augmented views, as one picture; `null` where there is no training image. */
export const ViewsSheet = /*#__PURE__*/ Artifact.json("ViewsSheet", /*#__PURE__*/ Schema.NullOr(schema))

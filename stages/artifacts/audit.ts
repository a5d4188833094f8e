import * as Schema from "effect/Schema"
import * as Artifact from "../../src/dag/artifact.ts"

const AuditSchema = /*#__PURE__*/ Schema.Struct({ valid: /*#__PURE__*/ Schema.Literal(true) })

/** That the images may be compared. It says nothing else, so that other images which may be change nothing below. */
export const Audit = /*#__PURE__*/ Artifact.json("Audit", AuditSchema)

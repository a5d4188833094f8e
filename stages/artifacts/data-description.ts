import * as Schema from "effect/Schema"
import * as Artifact from "../../src/dag/artifact.ts"

const DescriptionSchema = /*#__PURE__*/ Schema.Struct({
  text: Schema.String,
  /** The same facts for programs. */
  data: Schema.Json,
  /** Contact sheets, PNG in base64. */
  sheets: /*#__PURE__*/ Schema.Array(/*#__PURE__*/ Schema.Struct({ name: Schema.String, png: Schema.String }))
})

/** What is in the data sets, how they would be split, what is suspicious. */
export const DataDescription = /*#__PURE__*/ Artifact.json("DataDescription", DescriptionSchema)

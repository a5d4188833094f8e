/** A wrong wiring is a compile error: each line below must fail to compile, or `tsc` reports the unused expectation. */
import { Effect, Schema } from "effect"
import * as Stage from "../../src/dag/stage.ts"
import { constant, NumberArtifact, round, show, sum, TextArtifact } from "./arithmetic.ts"

const number = constant.node({ params: { value: 1 }, inputs: {} })
const text = show.node({ params: { label: "" }, inputs: { value: number } })

round.node({ params: { digits: 1 }, inputs: { value: number } })
sum.node({ params: {}, inputs: { terms: { number }, bonus: number } })

// @ts-expect-error a text where a number is needed
round.node({ params: { digits: 1 }, inputs: { value: text } })
// @ts-expect-error an input is missing
round.node({ params: { digits: 1 }, inputs: {} })
// @ts-expect-error an input that the stage does not have
constant.node({ params: { value: 1 }, inputs: { value: number } })
// @ts-expect-error a parameter of the wrong type
round.node({ params: { digits: "1" }, inputs: { value: number } })
// @ts-expect-error a parameter that the stage does not have
round.node({ params: { digits: 1, places: 2 }, inputs: { value: number } })
// @ts-expect-error one node where a collection is needed
sum.node({ params: {}, inputs: { terms: number, bonus: undefined } })
// @ts-expect-error a collection with an element of the wrong type
sum.node({ params: {}, inputs: { terms: { number, text }, bonus: undefined } })
Stage.make({
  name: "wrong-output",
  module: "",
  params: Schema.Struct({}),
  inputs: { value: Stage.one(TextArtifact) },
  output: NumberArtifact,
  // @ts-expect-error the work gives a text where the output is a number
  run: ({ inputs }) => Effect.succeed(inputs.value)
})

/** The splits of arms that are wired to different ones → the refusal with the rows: it stands in the place of all training. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stage from "../src/dag/stage.ts"
import { setDifference, UnequalEvaluations } from "../src/statistics/evaluation-sets.ts"
import { Audit } from "./artifacts/audit.ts"
import { Dataset } from "./artifacts/dataset.ts"
import { Split } from "./artifacts/split.ts"
import { rowsWithIds } from "./rows.ts"

const EvaluationSet = Schema.Struct({
  /** Names of the evaluations that share it. */
  evaluations: Schema.Array(Schema.String),
  /** Which nodes it has that the first set has not. */
  nodes: Schema.String
})

export const refuseUnequalEvaluations = Stage.make({
  name: "refuse-unequal-evaluations",
  module: import.meta.url,
  /** In the order of the inputs' keys, "0", "1" and so on; the others are held against the first. */
  params: Schema.Struct({ sets: Schema.Array(EvaluationSet) }),
  inputs: { splits: Stage.many(Split), reals: Stage.many(Dataset) },
  output: Audit,
  run: ({ params: { sets }, inputs: { splits, reals } }) => {
    const rowsOf = (at: number, part: "test" | "validation") => rowsWithIds(reals[at]!.rows, splits[at]![part])
    const differences = sets.map((set, at) => ({
      ...set,
      test: setDifference(rowsOf(0, "test"), rowsOf(at, "test")),
      validation: setDifference(rowsOf(0, "validation"), rowsOf(at, "validation"))
    }))
    return Effect.fail(new UnequalEvaluations({ first: sets[0]!.evaluations[0]!, sets: differences.slice(1) }))
  }
})

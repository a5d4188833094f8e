/** The sweep over frozen blocks of the original project: one arm a number, all on the same real images. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Pipeline from "../src/dag/pipeline.ts"
import { runName } from "../stages/compare-with-gan.ts"
import { realArm } from "./arms.ts"
import { type ComparedArm, verdictOver } from "./comparison.ts"
import { frozenLayersDefaults } from "./defaults.ts"
import { checkFreezing, checkFrozenLayers } from "./depth.ts"
import { type Settings, settings } from "./settings.ts"
import { armNodes, groundOf, runNodes, seedsOf, withTrunk } from "./training-runs.ts"

const setting = "sweep.frozenLayers"

/** The numbers of the originally published table. */
const original = [22, 19, 18, 17]

const List = Schema.Array(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))).annotate({
  description: "Numbers of frozen blocks, an arm each; model.frozenLayers is the reference if it is among them."
})

const sweep = Schema.Struct({
  ...settings(frozenLayersDefaults).fields,
  sweep: Schema.Struct({ frozenLayers: List.pipe(Schema.withDecodingDefaultKey(Effect.succeed(original))) }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed({}))
  )
})

const fault = (setting: string, fault: string, mend: string) => new Pipeline.SettingError({ setting, fault, mend })

/** The reference first, the others from the most frozen to the least. */
const ordered = (list: ReadonlyArray<number>, reference: number | string): readonly [number, ...Array<number>] => {
  const sorted = list.toSorted((a, b) => b - a)
  const first = list.find((frozen) => frozen === reference) ?? sorted[0]!
  return [first, ...sorted.filter((frozen) => frozen !== first)]
}

const check = (values: Settings, list: ReadonlyArray<number>): void => {
  if (values.data.real === undefined) {
    throw fault("data.real", "the pipeline frozen-layers needs your images", "--set data.real=FOLDER")
  }
  if (values.data.synthetic !== undefined) {
    throw fault("data.synthetic", "the sweep trains on real images only", "leave it out, or use --pipeline melanoma")
  }
  if (new Set(list).size < Math.max(2, list.length)) {
    throw fault(setting, `${JSON.stringify(list)}`, `give two numbers or more, each once, such as ${setting}=[22,18]`)
  }
  checkFreezing(values)
  for (const frozen of list) checkFrozenLayers(setting, values, frozen)
}

export const frozenLayers = Pipeline.define({
  name: "frozen-layers",
  description: "how many blocks to freeze: the sweep of the original project on your real images",
  settings: sweep,
  build: ({ sweep: { frozenLayers: list }, ...values }) => {
    check(values, list)
    const ground = groundOf(values)
    // Rows and views are those of the arm "real" of a comparison, and so are the networks that both ask for.
    const nodes = armNodes(ground, realArm(values))
    const training = withTrunk(ground, nodes.pack)
    const arms = ordered(list, values.model.frozenLayers).map((frozen): ComparedArm => {
      const arm = `frozen-${frozen}`
      const runs = seedsOf(values).map((seed) =>
        runNodes(training, { ...nodes, arm, seed, name: runName(arm, seed), frozenLayers: frozen })
      )
      return { arm, description: `the first ${frozen} blocks frozen`, rows: nodes.rows, runs, frozenLayers: frozen }
    })
    return verdictOver(ground, {
      title: "How many blocks should be frozen?",
      pipeline: "frozen-layers",
      arms: arms as [ComparedArm, ...Array<ComparedArm>],
      plan: nodes.plan,
      others: [nodes.rows, nodes.plan, nodes.pack, ...training.trunk.nodes()]
    })
  }
})

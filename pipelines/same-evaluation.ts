/** That all arms of a comparison are judged on the same images: seen from the wiring, before anything runs. */
import { SettingError } from "../src/dag/pipeline.ts"
import type { AnyNode } from "../src/dag/stage.ts"

/** What must be one node for all: the split, the table with its labels, and the images, also where features stand for them. */
const shared: ReadonlyArray<readonly [string, (evaluated: AnyNode) => AnyNode | undefined]> = [
  ["split", ({ inputs }) => inputs.get("split")],
  ["data set", ({ inputs }) => inputs.get("real")],
  ["images", ({ inputs }) => inputs.get("evaluation") ?? inputs.get("features")?.inputs.get("pack")]
]

/** Throws `SettingError` with the evaluations that differ from the first. */
export const checkSameEvaluation = (evaluated: ReadonlyArray<AnyNode>): void => {
  const [first] = evaluated
  if (first === undefined) return
  const differing = evaluated.flatMap((node) => {
    const odd = shared.flatMap(([what, of]) => (of(node) === of(first) ? [] : [of(node)?.name ?? `no ${what}`]))
    return odd.length === 0 ? [] : [`${node.name}: ${odd.join(", ")}`]
  })
  if (differing.length === 0) return
  throw new SettingError({
    setting: "the evaluations of the arms",
    fault: `they differ from ${first.name}: ${differing.join("; ")}`,
    mend: "evaluate every arm and seed on the same test images: give them one split, one data set and one pack"
  })
}

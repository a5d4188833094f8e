/** Fits a file's tensors to a network, each checked by name and shape. */
import * as Effect from "effect/Effect"
import { type Family, familiesOf, familyProperties } from "../architecture/family.ts"
import type { NetworkPlan } from "../architecture/network.ts"
import { convolutionNorms, type Leaf, type Network, weightTree } from "../architecture/tree.ts"
import { type Architecture, networkName } from "../architecture/variants.ts"
import { WeightFileError } from "../errors.ts"
import { type BiasName, kerasOrder } from "./keras-order.ts"
import { fileShape, kerasShape, toMemory } from "./layout.ts"
import { type Naming, naming } from "./naming.ts"
import type { TensorFile } from "./safetensors.ts"
import type { Values } from "./values.ts"

export interface Taken {
  readonly values: Values
  /** Names (ours) of the weights that the file does not give, all of them of the head. */
  readonly absent: ReadonlyArray<string>
}

/** The tree with a family's names, and its leaves in the order of the plan's. */
const named = (architecture: Architecture, head: "original" | "plain", names: Naming) => {
  const list: Array<Leaf> = []
  const tree: Network<Leaf> = weightTree(architecture, head, names, (leaf) => {
    list.push(leaf)
    return leaf
  })
  return { tree, list }
}

const isClassifier = (leaf: Leaf, plan: NetworkPlan): boolean => {
  const { classifier, pooled } = plan.leaves
  return [classifier.kernel, classifier.bias, ...Object.values(pooled ?? {})].some(({ name }) => name === leaf.name)
}

/**
 * A convolution's bias by the name of our leaf of the running mean behind it. With its own statistics a batch norm takes
 * a bias away again; with the running ones, mean and bias only count by their difference. So the bias is subtracted
 * from the mean, and the network has none.
 */
const biases = (plan: NetworkPlan, tree: Network<Leaf>, names: Naming): Map<string, string> => {
  const ours = convolutionNorms(plan.leaves)
  return new Map(
    convolutionNorms(tree).flatMap((pair, index) =>
      biasNames(names)(pair).map((bias): [string, string] => [ours[index]!.norm.mean.name, bias])
    )
  )
}

const biasNames =
  ({ suffix, convolutionBias }: Naming): BiasName =>
  ({ kernel }) =>
    convolutionBias ? [`${kernel.name.slice(0, -suffix[kernel.role].length)}${suffix.bias}`] : []

/** Keras 3 numbers layers and weights: gives them the names that the network's layers have. */
const withNames = (file: TensorFile, tree: Network<Leaf>, names: Naming): TensorFile => {
  if (file.metadata.keras !== "3") return file
  const order = kerasOrder(tree, biasNames(names))
  return { ...file, tensors: new Map([...file.tensors].map(([name, tensor]) => [order.get(name) ?? name, tensor])) }
}

const shapeText = (shape: ReadonlyArray<number>) => `[${shape.join(", ")}]`

/** The other families of whose files this tensor could be. */
const others = ({ settings, architecture }: NetworkPlan, family: Family, tensor: string): string => {
  const known = familiesOf(settings.variant).filter((other) => {
    const names = other === family ? undefined : naming(other, architecture)
    return names && named(architecture, settings.head, names).list.some(({ name }) => name === tensor)
  })
  return known.length > 0 ? `Family ${known.join(" or ")} has such names.` : "Is the variant or the family another?"
}

/**
 * Takes the values of every leaf. The head may differ (a file of ImageNet has 1,000 classes): with `newHead` a
 * classifier of another shape, or none, is left out and reported as absent.
 */
export const takeValues = (
  plan: NetworkPlan,
  given: TensorFile,
  { family, newHead, place = "weights" }: { family: Family; newHead: boolean; place?: string }
): Effect.Effect<Taken, WeightFileError> =>
  Effect.gen(function* () {
    const { variant, head } = plan.settings
    const fail = (tensor: string | undefined, message: string) =>
      new WeightFileError({ tensor, message: `${place}: ${message}` })
    const names = naming(family, plan.architecture)
    if (!names) {
      const choices = familiesOf(variant).join(", ")
      return yield* fail(undefined, `${networkName(variant)} has no weights of family ${family}. Choose ${choices}.`)
    }
    const { tree, list } = named(plan.architecture, head, names)
    const file = withNames(given, tree, names)
    const biasOf = biases(plan, tree, names)
    const shapeOf = names.layout === "keras" ? kerasShape : fileShape
    // Keras 3 calls a depthwise kernel plainly "kernel".
    const alias = (leaf: Leaf) =>
      leaf.role === "depthwise" ? leaf.name.replace(names.suffix.depthwise, names.suffix.kernel) : leaf.name
    const stated = file.metadata.epsilon
    const { epsilon } = familyProperties(family, variant)
    if (stated !== undefined && Math.abs(Number(stated) - epsilon) > 1e-9) {
      const fault = `its batch norms have epsilon ${stated}, those of family ${family} ${epsilon}`
      return yield* fail(undefined, `${fault}. Choose the family that the file is of (model.family).`)
    }
    const known = new Set([...list.flatMap((leaf) => [leaf.name, alias(leaf)]), ...biasOf.values()])
    for (const name of file.tensors.keys()) {
      if (known.has(name) || names.ignored.test(name)) continue
      const fault = `tensor "${name}" has no place in ${networkName(variant)} (${family} names)`
      return yield* fail(name, `${fault}. ${others(plan, family, name)}`)
    }
    const values = new Map<string, Float32Array>()
    const absent: Array<string> = []
    const take = (name: string, wanted: ReadonlyArray<number>, other = name) => {
      const tensor = file.tensors.get(name) ?? file.tensors.get(other)
      if (tensor && shapeText(tensor.shape) === shapeText(wanted)) return Effect.succeed(tensor.data)
      const fault = tensor
        ? `has shape ${shapeText(tensor.shape)} where ${networkName(variant)} needs ${shapeText(wanted)}`
        : `of shape ${shapeText(wanted)} is missing`
      return Effect.fail(fail(name, `tensor "${name}" ${fault}. Is the variant or the family another?`))
    }
    for (const [index, leaf] of plan.list.entries()) {
      const theirs = list[index]!
      const data = yield* Effect.result(take(theirs.name, shapeOf(leaf), alias(theirs)))
      if (data._tag === "Success") {
        values.set(leaf.name, names.layout === "keras" ? data.success : toMemory(leaf, data.success))
      } else if (newHead && isClassifier(leaf, plan)) absent.push(leaf.name)
      else return yield* data.failure
    }
    for (const [mean, bias] of biasOf) {
      const running = values.get(mean)!
      const added = yield* take(bias, [running.length])
      values.set(
        mean,
        running.map((value, channel) => value - added[channel]!)
      )
    }
    return { values, absent }
  })

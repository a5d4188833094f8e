/** The names of Keras 3's numbered layers: those of a class are counted in the order of the model's layers. */
import {
  type Bottleneck,
  type ConvolutionNorm,
  isStatistic,
  type Leaf,
  type MBConv,
  type Network
} from "../architecture/tree.ts"

/** A layer: the snake-case name of its class, and its weights in the order in which the layer holds them. */
interface Layer {
  readonly kind: "conv2d" | "depthwise_conv2d" | "batch_normalization" | "dense"
  readonly weights: ReadonlyArray<string>
}

const batchNorm = ({ norm }: ConvolutionNorm<Leaf>): Layer => ({
  kind: "batch_normalization",
  weights: Object.values(norm as unknown as Record<string, Leaf>)
    .sort((a, b) => Number(isStatistic(a.role)) - Number(isStatistic(b.role)))
    .map(({ name }) => name)
})

export type BiasName = (pair: ConvolutionNorm<Leaf>) => ReadonlyArray<string>

const pair =
  (biasOf: BiasName) =>
  (weights: ConvolutionNorm<Leaf>): ReadonlyArray<Layer> => [
    {
      kind: weights.kernel.role === "depthwise" ? "depthwise_conv2d" : "conv2d",
      weights: [weights.kernel.name, ...biasOf(weights)]
    },
    batchNorm(weights)
  ]

const mbconv = (
  w: MBConv<Leaf>,
  layers: (pair: ConvolutionNorm<Leaf>) => ReadonlyArray<Layer>
): ReadonlyArray<Layer> => {
  const dense = [w.squeeze, w.excite].map(
    ({ kernel, bias }): Layer => ({ kind: "conv2d", weights: [kernel.name, bias.name] })
  )
  return [...(w.expand ? layers(w.expand) : []), ...layers(w.depthwise), ...dense, ...layers(w.project)]
}

/** Layers as far from the output as each other come in the order in which they were made: the shortcut before the last. */
const bottleneck = (w: Bottleneck<Leaf>, layers: (pair: ConvolutionNorm<Leaf>) => ReadonlyArray<Layer>) => [
  ...layers(w.first),
  ...layers(w.middle),
  ...(w.shortcut ? layers(w.shortcut) : []),
  ...layers(w.last)
]

/** From `<class>_<number>/<i>` to the names of `tree`. `biasOf` gives the names of a convolution's bias, if it has one. */
export const kerasOrder = (tree: Network<Leaf>, biasOf: BiasName): ReadonlyMap<string, string> => {
  const layersOf = pair(biasOf)
  const layers: ReadonlyArray<Layer> = [
    ...layersOf(tree.stem),
    ...tree.blocks.flatMap((block) =>
      block.kind === "mbconv" ? mbconv(block, layersOf) : bottleneck(block, layersOf)
    ),
    ...(tree.head ? layersOf(tree.head) : []),
    { kind: "dense", weights: [tree.classifier.kernel.name, tree.classifier.bias.name] }
  ]
  const counts = new Map<string, number>()
  const names = new Map<string, string>()
  for (const { kind, weights } of layers) {
    const count = counts.get(kind) ?? 0
    counts.set(kind, count + 1)
    const layer = count === 0 ? kind : `${kind}_${count}`
    for (const [index, name] of weights.entries()) {
      names.set(`${layer}/${index}`, name)
      // A file that has the layer's own name beside its numbers.
      names.set(`${name.split("/")[0]}/${index}`, name)
    }
  }
  return names
}

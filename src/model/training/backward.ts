/**
 * Backpropagation through a chain of layers in bounded memory: the chain is cut into segments, and what a segment must
 * keep for its gradient is computed again when its turn comes (Chen et al. 2016, "Training deep nets with sublinear
 * memory cost"). The numbers are those of one tape over everything; where that fits, it is one tape.
 */
import { through } from "../architecture/forward.ts"
import * as tf from "../tf.ts"

type Apply = (x: tf.Tensor4D) => tf.Tensor4D

export interface Trained {
  readonly name: string
  readonly tensor: tf.Tensor
  /** Index of its layer in the chain; those behind the last layer belong to the top. */
  readonly layer: number
}

/**
 * Bytes that the tape of one segment may keep. Its gradients take as much again until the segment is done, and the wasm
 * heap ends at 4 GiB.
 */
export const tapeBudget = 2 ** 29

/** [from, to) of every segment: greedily from the end, each within the budget or of one layer. */
export const segments = (bytes: ReadonlyArray<number>, budget: number): ReadonlyArray<readonly [number, number]> => {
  const result: Array<readonly [number, number]> = []
  let [to, sum] = [bytes.length, 0]
  for (let index = bytes.length - 1; index >= 0; index--) {
    if (sum > 0 && sum + bytes[index]! > budget) {
      result.unshift([index + 1, to])
      ;[to, sum] = [index + 1, 0]
    }
    sum += bytes[index]!
  }
  return [[0, to], ...result]
}

/**
 * Loss and gradients of `top(layers(x))`. `again` is called before anything is computed a second time. Disposes of
 * nothing that is given; the caller disposes of the result.
 */
export const backward = (
  layers: ReadonlyArray<Apply>,
  top: (features: tf.Tensor4D) => tf.Scalar,
  x: tf.Tensor4D,
  trainable: ReadonlyArray<Trained>,
  { bytes, budget }: { readonly bytes: ReadonlyArray<number>; readonly budget: number },
  again: () => void
): { readonly loss: tf.Scalar; readonly gradients: ReadonlyMap<string, tf.Tensor> } => {
  const cuts = segments(bytes, budget)
  const inputs = [x.clone()]
  for (const [from, to] of cuts.slice(0, -1)) inputs.push(through(layers.slice(from, to), inputs.at(-1)!))
  const gradients = new Map<string, tf.Tensor>()
  const chain = (index: number): tf.Tensor4D =>
    layers.slice(...cuts[index]!).reduce((features, layer) => layer(features), inputs[index]!)
  /** What the segment differentiates by: its own weights, after its input where an earlier segment waits for that. */
  const variables = (index: number) => {
    const [from, to] = cuts[index]!
    const end = index === cuts.length - 1 ? Number.POSITIVE_INFINITY : to
    const own = trainable.filter(({ layer }) => layer >= from && layer < end)
    return { own, tensors: [...(index > 0 ? [inputs[index]!] : []), ...own.map(({ tensor }) => tensor)] }
  }
  /** Files the gradients of a segment, and returns that of its input. */
  const file = (index: number, own: ReadonlyArray<Trained>, grads: ReadonlyArray<tf.Tensor>): tf.Tensor | undefined => {
    const offset = index > 0 ? 1 : 0
    for (const [i, { name }] of own.entries()) gradients.set(name, grads[i + offset]!)
    return index > 0 ? grads[0] : undefined
  }
  const last = cuts.length - 1
  const { own, tensors } = variables(last)
  const { value: loss, grads } = tf.valueAndGrads(() => top(chain(last)))(tensors)
  let upstream = file(last, own, grads)
  again()
  for (let index = last - 1; index >= 0; index--) {
    const { own, tensors } = variables(index)
    const next = file(index, own, tf.grads(() => chain(index))(tensors, upstream!))
    upstream!.dispose()
    upstream = next
  }
  tf.dispose(inputs)
  // In the order of the network, whatever the segments: sums over all gradients depend on it.
  return { loss: loss as tf.Scalar, gradients: new Map(trainable.map(({ name }) => [name, gradients.get(name)!])) }
}

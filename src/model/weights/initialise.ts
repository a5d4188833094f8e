/**
 * Weights at random, as torchvision draws them: convolutions from N(0, 2 / fan out) (He et al. 2015; a depthwise one's
 * fan out is k * k), batch norms at scale 1 and shift 0, biases 0. The classifier is uniform in +-1 / sqrt(inputs), as
 * torch.nn.Linear (torchvision divides by the outputs, which with one logit starts far from 0). Each tensor has its own generator,
 * so that one can be drawn alone.
 */
import { generator } from "../../random/generator.ts"
import type { NetworkPlan } from "../architecture/network.ts"
import type { Leaf } from "../architecture/tree.ts"
import type { Values } from "./values.ts"

export const initialLeaf = ({ name, role, shape }: Leaf, seed: number): Float32Array => {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1))
  const random = generator("initialise", seed, name)
  const [height = 1, width = 1, input = 1, output = 1] = shape
  switch (role) {
    case "kernel":
    case "depthwise": {
      const deviation = Math.sqrt(2 / (height * width * output))
      return data.map(() => random.normal(0, deviation))
    }
    case "linear": {
      const bound = 1 / Math.sqrt(input)
      return data.map(() => random.uniform(-bound, bound))
    }
    case "scale":
    case "variance":
      return data.fill(1)
    default:
      return data
  }
}

export const initialise = (plan: NetworkPlan, seed: number): Values =>
  new Map(plan.list.map((leaf) => [leaf.name, initialLeaf(leaf, seed)]))

/** The settings of fine-tuning, with the original's values as defaults. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { families } from "../architecture/family.ts"
import { variants } from "../architecture/variants.ts"
import { policies } from "./freezing.ts"

const Positive = Schema.Finite.check(Schema.isGreaterThan(0))
const Share = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0), Schema.isLessThan(1))
const NotNegative = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))
const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))

const or = <S extends Schema.Constraint>(schema: S, value: S["Encoded"]) =>
  Schema.withDecodingDefaultKey<S>(Effect.succeed(value))(schema)

/** See training/freezing.ts for the names. */
export const FrozenLayers = Schema.Union([Schema.Int, Schema.String])

export const FineTuneOptions = Schema.Struct({
  variant: or(Schema.Literals(variants), "b3"),
  family: or(Schema.Literals(families), "torchvision"),
  head: or(Schema.Literals(["original", "plain"]), "original"),
  /** Batch norm in the frozen blocks. */
  policy: or(Schema.Literals(policies), "statistics"),
  /** 0 freezes nothing; K freezes the stem and the first K blocks; or a name: none, all, features, stage1 to stage7. */
  frozenLayers: or(FrozenLayers, 18),
  /** Gradual unfreezing: from `epoch` (1 is the first) on, so many layers are frozen instead. Ascending epochs. */
  unfreeze: or(Schema.Array(Schema.Struct({ epoch: Count, frozenLayers: FrozenLayers })), []),
  /** Batch norm's momentum in PyTorch's convention; null takes the weight family's. */
  momentum: or(Schema.NullOr(Share), null),
  dropout: or(Share, 0.3),
  /** Of the last block; null takes what the network was published with. */
  stochasticDepth: or(Schema.NullOr(Share), null),
  seed: or(Schema.Int, 0),
  /** At least 2, or batch norm has no variance. */
  batchSize: or(Schema.Int.check(Schema.isGreaterThanOrEqualTo(2)), 64),
  /** A batch is computed in so many parts and their gradients added: less memory, batch norm over smaller parts. */
  accumulate: or(Count, 1),
  epochs: or(Count, 50),
  /** Images trained on per epoch; null takes the number of training rows. */
  epochLength: or(Schema.NullOr(Schema.Int.check(Schema.isGreaterThanOrEqualTo(2))), null),
  optimiser: or(Schema.Literals(["adam", "adamw", "sgd"]), "adam"),
  learningRate: or(Positive, 1e-4),
  /** adamw: decoupled; sgd: added to the gradient. Vectors (biases, batch norms) do not decay. Not for adam. */
  weightDecay: or(NotNegative, 0),
  /** Of sgd. */
  sgdMomentum: or(Share, 0.9),
  /** Gradients are scaled down to this norm over all weights together; null does not clip. */
  clipNorm: or(Schema.NullOr(Positive), null),
  /** plateau: lowered when what is monitored stops improving. cosine: to 0 over `cosineEpochs`. */
  schedule: or(Schema.Literals(["plateau", "cosine", "constant"]), "plateau"),
  plateauFactor: or(Share, 0.5),
  plateauPatience: or(Count, 5),
  /** Not `epochs`, so that training longer or shorter leaves what was trained as it is. */
  cosineEpochs: or(Positive, 50),
  /** Epochs over which the rate rises from 0, under any schedule. */
  warmUpEpochs: or(NotNegative, 0),
  /** Decay of an exponential moving average of all weights, which is then validated and returned; null keeps none. */
  averageDecay: or(Schema.NullOr(Share), null),
  monitor: or(Schema.Literals(["auc", "loss"]), "auc"),
  /** Epochs without improvement after which training stops. */
  patience: or(Count, 15),
  /** An improvement is more than this. */
  minimumDelta: or(NotNegative, 0),
  positiveWeight: or(Positive, 1),
  labelSmoothing: or(Share, 0),
  focalGamma: or(NotNegative, 0)
})
export type FineTuneOptions = typeof FineTuneOptions.Type

/** Settings of the training loop that all pipelines have alike, with the defaults of the loop itself. */
import { FineTuneOptions } from "../src/model/training/options.ts"

const of = <K extends keyof typeof FineTuneOptions.fields>(name: K, description: string) =>
  FineTuneOptions.fields[name].annotate({ description }) as (typeof FineTuneOptions.fields)[K]

export const loopSettings = {
  optimiser: of("optimiser", "adam, adamw (decoupled weight decay) or sgd with momentum."),
  weightDecay: of("weightDecay", "Of adamw and sgd; biases and batch norms do not decay."),
  sgdMomentum: of("sgdMomentum", "Momentum of sgd."),
  clipNorm: of("clipNorm", "Gradients are scaled down to this norm over all weights together; null does not clip."),
  accumulate: of("accumulate", "Parts that a batch is computed in: less memory, batch norm over smaller parts."),
  schedule: of("schedule", "Of the learning rate: plateau (lowered when monitor stops improving), cosine or constant."),
  plateauFactor: of("plateauFactor", "What a plateau multiplies the learning rate by."),
  plateauPatience: of("plateauPatience", "Epochs without improvement that make a plateau."),
  cosineEpochs: of("cosineEpochs", "Epochs over which cosine falls to 0, however many are trained."),
  warmUpEpochs: of("warmUpEpochs", "Epochs over which the learning rate rises from 0, under any schedule."),
  averageDecay: of(
    "averageDecay",
    "Decay of a moving average of the weights, which is then validated and kept; null keeps none."
  ),
  minimumDelta: of("minimumDelta", "An epoch is better than those before it by more than this."),
  labelSmoothing: of("labelSmoothing", "s: labels y become y (1 - s) + s / 2."),
  focalGamma: of(
    "focalGamma",
    "Focal loss: cross entropy times (1 - p of the label) ^ gamma. 0 is plain cross entropy."
  ),
  unfreeze: of(
    "unfreeze",
    'Gradual unfreezing: from an epoch on, so many layers are frozen instead, such as [{"epoch":5,"frozenLayers":10}].'
  )
}

export const modelSettings = {
  head: of("head", "original: pooling, batch norm, dropout, one logit. plain: without the batch norm."),
  stochasticDepth: of(
    "stochasticDepth",
    "Share of images for which the last block's branch is dropped in training; null: as published, .2 for EfficientNet and 0 for ResNet."
  )
}

/** What the pipelines differ in. */
import type { Variant } from "../src/model/architecture/variants.ts"

export interface Defaults {
  /** Without `data.real`, photographs drawn by the project itself stand in. */
  readonly embedded: { readonly patients: number; readonly synthetic: number } | undefined
  readonly preset: string
  readonly views: number
  readonly side: number
  readonly variant: Variant
  readonly frozenLayers: number
  readonly batchSize: number
  readonly epochs: number
  readonly learningRate: number
  readonly patience: number
  readonly seeds: number
  /** Arms beside real and real + synthetic. */
  readonly control: boolean
  readonly syntheticOnly: boolean
  /** Also the reference arm without augmentation. */
  readonly augmentationOff: boolean
  /** Draws of the bootstrap. */
  readonly replicates: number
}

/**
 * A small network on embedded data: a verdict within minutes on two cores. Its first block stays frozen at random weights,
 * which nobody should do with images of their own, so that the demo shows what freezing runs and reruns.
 */
export const demoDefaults: Defaults = {
  embedded: { patients: 240, synthetic: 120 },
  preset: "original",
  views: 4,
  side: 64,
  variant: "nano",
  frozenLayers: 1,
  batchSize: 32,
  epochs: 12,
  learningRate: 2e-3,
  patience: 6,
  seeds: 2,
  control: false,
  syntheticOnly: false,
  augmentationOff: false,
  replicates: 2000
}

/** The original project's parameters. */
export const melanomaDefaults: Defaults = {
  embedded: undefined,
  preset: "original",
  views: 8,
  side: 128,
  variant: "b3",
  frozenLayers: 18,
  batchSize: 64,
  epochs: 50,
  learningRate: 1e-4,
  patience: 15,
  seeds: 5,
  control: true,
  syntheticOnly: true,
  augmentationOff: true,
  replicates: 2000
}

/** The original project's sweep: its parameters, on real images alone. Its table had one seed. */
export const frozenLayersDefaults: Defaults = {
  ...melanomaDefaults,
  seeds: 3,
  control: false,
  syntheticOnly: false,
  augmentationOff: false
}

/** All of it in under a minute on two cores: for tests of the whole. */
export const fixtureDefaults: Defaults = {
  embedded: { patients: 40, synthetic: 12 },
  preset: "original",
  views: 2,
  side: 32,
  variant: "micro",
  frozenLayers: 1,
  batchSize: 16,
  epochs: 2,
  learningRate: 1e-3,
  patience: 2,
  seeds: 1,
  control: false,
  syntheticOnly: false,
  augmentationOff: false,
  replicates: 200
}

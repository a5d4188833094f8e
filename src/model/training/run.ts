/** A training run on the backend: its state between steps, and the way to a checkpoint and back. */
import * as Effect from "effect/Effect"
import type { NetworkPlan } from "../architecture/network.ts"
import type { Leaf } from "../architecture/tree.ts"
import type { ModelSettingError } from "../errors.ts"
import * as tf from "../tf.ts"
import type { Values } from "../weights/values.ts"
import type { TrainingPoint } from "./checkpoint.ts"
import { type Freezing, freezing, movingLeaves } from "./freezing.ts"
import type { EpochRecord } from "./history.ts"
import { disposeMoments, type OptimiserState } from "./optimiser.ts"
import type { FineTuneOptions } from "./options.ts"
import { createModel, disposeModel, type Model } from "./step.ts"

/** What is frozen from an epoch (the first is 1) on, by gradual unfreezing. */
export type FreezingPlan = ReadonlyArray<{ readonly from: number; readonly freezing: Freezing }>

export const freezingPlan = (
  plan: NetworkPlan,
  { policy, frozenLayers, unfreeze }: FineTuneOptions
): Effect.Effect<FreezingPlan, ModelSettingError> =>
  Effect.forEach([{ epoch: 1, frozenLayers }, ...unfreeze], ({ epoch, frozenLayers }) =>
    Effect.map(freezing(plan, policy, frozenLayers), (freezing) => ({ from: epoch, freezing }))
  )

export const freezingAt = (plan: FreezingPlan, epoch: number): Freezing =>
  plan.findLast(({ from }) => from <= epoch)!.freezing

export interface Run {
  readonly model: Model
  readonly freezing: FreezingPlan
  /** Leaves that change at any time of the training. */
  readonly moving: ReadonlyArray<Leaf>
  readonly optimiser: OptimiserState
  /** The moving average of the moving leaves; empty where none is kept. */
  readonly average: Map<string, tf.Tensor>
  step: number
  history: Array<EpochRecord>
  logits: Array<number>
  labels: Array<number>
  readonly improvements: Map<number, Values>
}

export const startRun = (
  plan: NetworkPlan,
  freezing: FreezingPlan,
  initial: Values,
  options: FineTuneOptions,
  point: TrainingPoint | undefined
): Run => {
  const model = createModel(plan, new Map([...initial, ...(point?.weights ?? [])]))
  const shapes = new Map(plan.list.map(({ name, shape }) => [name, [...shape]]))
  const tensor = (name: string, data: Float32Array) => tf.tensor(data, shapes.get(name)!)
  const optimiser: OptimiserState = new Map()
  for (const [name, first] of point?.first ?? []) {
    const second = point!.second.get(name)
    const step = point!.steps[name]!
    optimiser.set(name, { first: tensor(name, first), second: second && tensor(name, second), step })
  }
  const names = new Set(freezing.flatMap(({ freezing }) => movingLeaves(plan, freezing).map(({ name }) => name)))
  const moving = plan.list.filter(({ name }) => names.has(name))
  const average = new Map<string, tf.Tensor>()
  if (options.averageDecay !== null) {
    for (const { name } of moving) {
      const saved = point?.average.get(name)
      average.set(name, saved ? tensor(name, saved) : model.tensors.get(name)!.clone())
    }
  }
  return {
    model,
    freezing,
    moving,
    optimiser,
    average,
    step: point?.step ?? 0,
    history: [...(point?.history ?? [])],
    logits: [...(point?.logits ?? [])],
    labels: [...(point?.labels ?? [])],
    improvements: new Map(point?.improvements ?? [])
  }
}

export const endRun = ({ model, optimiser, average }: Run): void => {
  disposeModel(model)
  disposeMoments(optimiser)
  tf.dispose([...average.values()])
  average.clear()
}

/** The model to validate and to return: the average where one is kept. Shares the run's tensors. */
export const validated = ({ model, average }: Run): Model => ({
  plan: model.plan,
  tensors: new Map([...model.tensors, ...average])
})

const read = async (tensors: ReadonlyMap<string, tf.Tensor>, names: Iterable<string>): Promise<Values> => {
  const values = new Map<string, Float32Array>()
  for (const name of names) values.set(name, (await tensors.get(name)!.data()) as Float32Array)
  return values
}

/** Reads what moved of the validated model back from the backend. */
export const movingValues = (run: Run): Promise<Values> =>
  read(
    validated(run).tensors,
    run.moving.map(({ name }) => name)
  )

export const pointOf = async (run: Run): Promise<TrainingPoint> => {
  const first = new Map<string, tf.Tensor>()
  const second = new Map<string, tf.Tensor>()
  const steps: Record<string, number> = {}
  for (const [name, moments] of run.optimiser) {
    first.set(name, moments.first)
    if (moments.second) second.set(name, moments.second)
    steps[name] = moments.step
  }
  return {
    step: run.step,
    history: run.history,
    steps,
    weights: await read(
      run.model.tensors,
      run.moving.map(({ name }) => name)
    ),
    first: await read(first, first.keys()),
    second: await read(second, second.keys()),
    average: await read(run.average, run.average.keys()),
    logits: Float32Array.from(run.logits),
    labels: Float32Array.from(run.labels),
    improvements: run.improvements
  }
}

/** Values that are made once, however many ask for them at the same time. A failure is not kept. */
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"

export const memo = <A>() => {
  const known = new Map<string, A>()
  const gates = new Map<string, Semaphore.Semaphore>()
  return <E, R>(key: string, make: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
    const found = known.get(key)
    if (found !== undefined) return Effect.succeed(found)
    const gate = gates.get(key) ?? Semaphore.makeUnsafe(1)
    gates.set(key, gate)
    const makeOrTake = Effect.suspend(() => {
      const made = known.get(key)
      return made === undefined
        ? Effect.tap(make, (value) => Effect.sync(() => known.set(key, value)))
        : Effect.succeed(made)
    })
    return Semaphore.withPermit(gate, makeOrTake)
  }
}

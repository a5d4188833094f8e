/** `store check`: verifies every byte of the store. */
import * as Effect from "effect/Effect"
import { checkStore, isSound, type StoreHealth } from "../check-store.ts"
import { Ended } from "../errors.ts"
import { openExisting, Project } from "../project.ts"
import { bytes } from "../text/format.ts"
import { print, printJson, style } from "../text/terminal.ts"
import { table } from "../text/width.ts"

export interface StoreCheckFlags {
  readonly store: string | undefined
  readonly json: boolean
}

const fault = (count: number, word: string): string => (count === 0 ? "" : style("red", `${count} ${word}`))

export const renderHealth = (health: StoreHealth): ReadonlyArray<string> => [
  ...table([
    ["outputs", `${health.blobs.count}, ${bytes(health.blobs.bytes)}`, fault(health.blobs.altered, "altered")],
    [
      "traces",
      String(health.traces.count),
      [fault(health.traces.damaged, "damaged"), fault(health.traces.dangling, "whose output is gone")]
        .filter((text) => text !== "")
        .join(", ")
    ],
    ["checkpoints", String(health.checkpoints.count), fault(health.checkpoints.damaged, "damaged")],
    ["runs", String(health.runs.count), fault(health.runs.damaged, "damaged")]
  ]),
  ...(health.aside === 0 ? [] : [`moved aside, in damaged/: ${health.aside}`]),
  isSound(health) ? "the store is sound" : "damaged files are set aside; the next run makes anew what it needs of them"
]

export const storeCheck = Effect.fnUntraced(function* (flags: StoreCheckFlags) {
  const store = yield* openExisting(yield* Project, flags)
  const health = yield* checkStore(store)
  if (flags.json) printJson({ path: store.root, sound: isSound(health), ...health })
  else for (const line of [store.root, ...renderHealth(health)]) print(line)
  if (!isSound(health)) return yield* new Ended({ code: 1 })
})

/** The runs that hold a lease in a store and are alive, as far as this machine can tell. */
import { readdir, readFile } from "node:fs/promises"
import { hostname } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Owner } from "../store/leases.ts"

const OwnerFile = Schema.fromJsonString(Owner)

const isAlive = (owner: Owner): boolean => {
  // Of another machine nothing is known: it counts as alive.
  if (owner.host !== hostname()) return true
  try {
    process.kill(owner.pid, 0)
    return true
  } catch {
    return false
  }
}

export const liveLeases = (root: string): Effect.Effect<ReadonlyArray<string>> =>
  Effect.promise(async () => {
    const runs = new Set<string>()
    const entries = await readdir(join(root, "leases"), { recursive: true, withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      if (!entry.isFile()) continue
      const text = await readFile(join(entry.parentPath, entry.name), "utf8").catch(() => "")
      const owner = Schema.decodeUnknownOption(OwnerFile)(text)
      if (Option.isSome(owner) && isAlive(owner.value)) runs.add(owner.value.run)
    }
    return [...runs]
  })

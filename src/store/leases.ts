/**
 * Leases: at most one living run works on a key. There is no global lock, and a lease is never waited for in vain.
 *
 * A lease is a file `leases/<key>/<generation>`, made with O_EXCL: of several contenders for one generation exactly one
 * wins. The holder touches it (heartbeat) and removes it when done; a holder whose process is gone, or whose heartbeat
 * was not seen to move for `expiry`, is dead, and the next generation may be taken. A holder that was only asleep then
 * shares the key with another: harmless, since outputs are content-addressed.
 */
import * as fs from "node:fs/promises"
import { hostname } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { type StoreError, storeError } from "./error.ts"
import { makeFolder } from "./files.ts"

export const Owner = Schema.Struct({ run: Schema.String, host: Schema.String, pid: Schema.Int })
export type Owner = typeof Owner.Type

export interface Lease {
  readonly key: string
  readonly path: string
}

/** What a waiter has seen of a holder's heartbeat. Keep it between two attempts at one key. */
export interface Sighting {
  readonly path: string
  readonly heartbeat: number
  readonly since: number
}

export type Attempt =
  | { readonly _tag: "Acquired"; readonly lease: Lease }
  | { readonly _tag: "Held"; readonly owner: Owner | undefined; readonly sighting: Sighting }

export interface Leases {
  readonly attempt: (key: string, run: string, seen: Sighting | undefined) => Effect.Effect<Attempt, StoreError>
  readonly release: (lease: Lease) => Effect.Effect<void>
}

/** Milliseconds. */
export interface LeaseTimes {
  /** Between two signs of life of a holder. */
  readonly beat: number
  /** Without a sign of life for so long a holder counts as dead. */
  readonly expiry: number
}

const usual: LeaseTimes = { beat: 2_000, expiry: 30_000 }

const OwnerFile = Schema.fromJsonString(Owner)

const processIsGone = (owner: Owner): boolean => {
  if (owner.host !== hostname()) return false
  try {
    process.kill(owner.pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH"
  }
}

/** The highest generation there is, 0 where there is none. */
const latest = async (folder: string): Promise<number> => {
  const names = await fs.readdir(folder).catch(() => [])
  return names.reduce((most, name) => Math.max(most, Number(name) || 0), 0)
}

const readOwner = async (path: string): Promise<Owner | undefined> => {
  const decoded = Schema.decodeUnknownOption(OwnerFile)(await fs.readFile(path, "utf8"))
  return Option.isSome(decoded) ? decoded.value : undefined
}

/** The clock of the waiter only: the holder's may be another machine's. */
const observe = (path: string, heartbeat: number, seen: Sighting | undefined): Sighting =>
  seen !== undefined && seen.path === path && seen.heartbeat === heartbeat
    ? seen
    : { path, heartbeat, since: performance.now() }

export const makeLeases = (root: string, { beat, expiry }: LeaseTimes = usual): Leases => {
  const timers = new Map<string, NodeJS.Timeout>()

  const create = async (folder: string, generation: number, run: string): Promise<string | undefined> => {
    const path = join(folder, String(generation))
    await makeFolder(folder)
    try {
      const owner: Owner = { run, host: hostname(), pid: process.pid }
      await fs.writeFile(path, JSON.stringify(owner), { flag: "wx" })
      return path
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === "EEXIST" || code === "ENOENT") return undefined
      throw error
    }
  }

  const tryOnce = async (key: string, run: string, seen: Sighting | undefined): Promise<Attempt> => {
    const folder = join(root, "leases", key)
    for (;;) {
      const generation = await latest(folder)
      const held = join(folder, String(generation))
      if (generation > 0) {
        const stat = await fs.stat(held).catch(() => undefined)
        if (stat === undefined) continue
        const owner = await readOwner(held).catch(() => undefined)
        const sighting = observe(held, stat.mtimeMs, seen)
        const dead = (owner !== undefined && processIsGone(owner)) || performance.now() - sighting.since > expiry
        if (!dead) return { _tag: "Held", owner, sighting }
      }
      const path = await create(folder, generation + 1, run)
      if (path === undefined) continue
      const timer = setInterval(() => {
        const now = new Date()
        void fs.utimes(path, now, now).catch(() => undefined)
      }, beat)
      timer.unref()
      timers.set(path, timer)
      return { _tag: "Acquired", lease: { key, path } }
    }
  }

  return {
    attempt: (key, run, seen) =>
      Effect.tryPromise({
        try: () => tryOnce(key, run, seen),
        catch: storeError("take a lease in", join(root, "leases", key))
      }),
    release: ({ key, path }) =>
      Effect.promise(async () => {
        clearInterval(timers.get(path))
        timers.delete(path)
        const folder = join(root, "leases", key)
        // Older generations belong to the dead; a folder in which another waits is left.
        await fs.rm(path, { force: true }).catch(() => undefined)
        const own = Number(path.split("/").at(-1))
        for (const name of await fs.readdir(folder).catch(() => [])) {
          if (Number(name) < own) await fs.rm(join(folder, name), { force: true }).catch(() => undefined)
        }
        await fs.rmdir(folder).catch(() => undefined)
      })
  }
}

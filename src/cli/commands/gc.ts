/** `gc`: drops what no kept run needs. */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { collect, findGarbage, type Garbage, type Item } from "../../store/gc.ts"
import { listRuns, type RunBook, runBooks } from "../../store/runs.ts"
import { findRun } from "../find-run.ts"
import { liveLeases } from "../live-leases.ts"
import { openExisting, Project } from "../project.ts"
import { bytes, plural } from "../text/format.ts"
import { print, printJson } from "../text/terminal.ts"
import { table } from "../text/width.ts"

export interface GcFlags {
  readonly store: string | undefined
  readonly keepLast: number
  readonly keep: ReadonlyArray<string>
  readonly keepDays: number | undefined
  /** Undefined: only look, when a person is there to look. */
  readonly dry: boolean | undefined
  readonly json: boolean
}

export class StoreInUse extends Schema.TaggedError<StoreInUse>()("StoreInUse", { runs: Schema.Array(Schema.String) }) {
  override get message(): string {
    return `gc: ${this.runs.join(", ")} is at work in this store\n  mend: wait until it has ended, or look only, with --dry`
  }
}

const total = (items: ReadonlyArray<Item>): number => items.reduce((sum, { size }) => sum + size, 0)

const kinds = [
  ["blobs", "outputs"],
  ["traces", "traces"],
  ["checkpoints", "checkpoints"],
  ["temporary", "unfinished writes"]
] as const satisfies ReadonlyArray<readonly [keyof Garbage, string]>

const roots = Effect.fnUntraced(function* (root: string, flags: GcFlags, now: number) {
  const documents = runBooks(root)
  const names = yield* listRuns(root)
  const named = new Set<string>()
  for (const given of flags.keep) named.add((yield* findRun(root, given)).run)
  const last = new Set(flags.keepLast === 0 ? [] : names.slice(-flags.keepLast))
  const since = flags.keepDays === undefined ? Number.POSITIVE_INFINITY : now - flags.keepDays * 86_400_000
  const books: Array<RunBook> = []
  for (const name of names) {
    const book = yield* documents.read(name)
    if (book === undefined) continue
    if (named.has(name) || last.has(name) || Date.parse(book.startedAt) >= since) books.push(book)
  }
  return books
})

export const gc = Effect.fnUntraced(function* (flags: GcFlags) {
  const store = yield* openExisting(yield* Project, flags)
  const now = Date.now()
  const dry = flags.dry ?? process.stdout.isTTY === true
  if (!dry) {
    const busy = yield* liveLeases(store.root)
    if (busy.length > 0) return yield* new StoreInUse({ runs: busy })
  }
  const { garbage, kept } = yield* findGarbage(store, yield* roots(store.root, flags, now), now)
  if (!dry) yield* collect(garbage)
  if (flags.json) {
    const dropped = kinds.map(([kind]) => [kind, { count: garbage[kind].length, bytes: total(garbage[kind]) }] as const)
    return printJson({ dry, kept, dropped: Object.fromEntries(dropped) })
  }
  const rows = kinds.flatMap(([kind, title]) =>
    garbage[kind].length === 0 ? [] : [[`  ${title}`, String(garbage[kind].length), bytes(total(garbage[kind]))]]
  )
  print(`kept: ${plural(kept.runs, "run")} with ${plural(kept.blobs, "output")}, ${bytes(kept.bytes)}`)
  if (kept.reports.count > 0) {
    const held = `${plural(kept.reports.count, "report")} (${bytes(kept.reports.bytes)})`
    print(`kept: ${held} in ${join(store.root, "reports")}; gc removes none, delete a run's folder there yourself`)
  }
  if (rows.length === 0) return print("nothing to drop")
  print(dry ? "to drop:" : "dropped:")
  for (const line of table(rows)) print(line)
  if (dry) print("nothing was removed; add --no-dry to remove it")
})

/** Finds a run by what a user types: its name, the beginning or end of it, `last`, `previous`. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { StoreError } from "../store/error.ts"
import { listRuns, type RunBook, runBooks } from "../store/runs.ts"

export class NoSuchRun extends Schema.TaggedError<NoSuchRun>()("NoSuchRun", {
  given: Schema.String,
  fault: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message(): string {
    const list = this.known.length === 0 ? "there is none yet" : this.known.join(", ")
    return `${this.given}: ${this.fault}\n  mend: last, previous, or one of: ${list}`
  }
}

const shown = 5

const match = (names: ReadonlyArray<string>, given: string): ReadonlyArray<string> => {
  if (given === "last") return names.slice(-1)
  if (given === "previous") return names.slice(-2, -1)
  if (names.includes(given)) return [given]
  return names.filter((name) => name.startsWith(given) || name.endsWith(given))
}

export const findRun = Effect.fnUntraced(function* (
  root: string,
  given: string
): Effect.fn.Return<RunBook, NoSuchRun | StoreError> {
  const names = yield* listRuns(root)
  const [found, ...more] = match(names, given)
  const known = names.slice(-shown)
  if (found === undefined) return yield* new NoSuchRun({ given, fault: "no such run is in the books", known })
  if (more.length > 0) {
    return yield* new NoSuchRun({
      given,
      fault: "several runs have such a name",
      known: [found, ...more].slice(-shown)
    })
  }
  const book = yield* runBooks(root).read(found)
  return book ?? (yield* new NoSuchRun({ given, fault: "its book cannot be read", known }))
})

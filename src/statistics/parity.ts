/** Our ROC statistics beside those of another program: the file written by pROC (R), one record for each test case. */
import { readFile } from "node:fs/promises"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { auc, delongCovariance, pairedDeLong, placements } from "./delong.ts"
import { rocCurve, sensitivityAtSpecificity } from "./roc.ts"
import { Label } from "./types.ts"

const Value = Schema.NullOr(Schema.Finite)
const Numbers = Schema.Array(Schema.Finite)

const RocCase = Schema.Struct({
  labels: Schema.Array(Label),
  a: Numbers,
  b: Numbers,
  aucA: Value,
  aucB: Value,
  varA: Value,
  varB: Value,
  covAB: Value,
  ciA: Schema.Array(Value),
  ciB: Schema.Array(Value),
  z: Value,
  p: Value,
  sensAt90A: Value,
  sensAt95A: Value
}).check(
  Schema.makeFilter((row) =>
    row.a.length === row.labels.length && row.b.length === row.labels.length
      ? undefined
      : `expected as many scores as the ${row.labels.length} labels, got ${row.a.length} and ${row.b.length}`
  )
)
type RocCase = typeof RocCase.Type

/** The file of expected values could not be used; nothing was compared. */
export class ParityFileUnusable extends Data.TaggedError("ParityFileUnusable")<{
  readonly file: string
  readonly why: string
}> {
  override get message() {
    return `${this.file}: ${this.why}. Expected a JSON array of cases with labels, a, b and pROC's values for them.`
  }
}

/** The greatest absolute error of one quantity over all cases; Infinity where only one side has a value. */
export interface ParityLine {
  readonly quantity: string
  readonly error: number
  readonly tolerance: number
  readonly pass: boolean
}

const TOLERANCE = 1e-9

/** Our values in the layout of the file. */
const compute = ({ labels, a, b }: RocCase) => {
  const [ofA, ofB, pair] = [auc(labels, a), auc(labels, b), pairedDeLong(labels, a, b)]
  const curve = rocCurve(labels, a)
  const interval = (of: typeof ofA) => (of?.variance == null ? [null, null, null] : [of.low, of.value, of.high])
  return {
    aucA: [ofA?.value ?? null],
    aucB: [ofB?.value ?? null],
    varA: [ofA?.variance ?? null],
    varB: [ofB?.variance ?? null],
    covAB: [delongCovariance(placements(labels, a), placements(labels, b))],
    ciA: interval(ofA),
    ciB: interval(ofB),
    z: [pair?.z ?? null],
    p: [pair?.se === 0 ? (pair.delta === 0 ? 1 : 0) : (pair?.p ?? null)],
    sensAt90A: [sensitivityAtSpecificity(curve, 0.9)],
    sensAt95A: [sensitivityAtSpecificity(curve, 0.95)],
    noVariance: pair?.se === 0
  }
}

const difference = (ours: number | null | undefined, theirs: number | null | undefined): number => {
  const [left, right] = [ours ?? Number.NaN, theirs ?? Number.NaN]
  if (Number.isNaN(left) && Number.isNaN(right)) return 0
  return Number.isNaN(left) || Number.isNaN(right) ? Number.POSITIVE_INFINITY : Math.abs(left - right)
}

const QUANTITIES = ["aucA", "aucB", "varA", "varB", "covAB", "ciA", "ciB", "z", "p", "sensAt90A", "sensAt95A"] as const

/**
 * Compares with a file of expected values and reads no other. R writes NA, NaN and Inf as bare words: they are read as
 * "no value". A difference without variance is where conventions part: for z = 0/0 both 0 (p = 1) and no value are
 * accepted; for z = ±Infinity pROC prints p = 0, where `pairedDeLong` has no p, a variance of 0 being no evidence.
 */
export const rocParity = (file: string): Effect.Effect<ReadonlyArray<ParityLine>, ParityFileUnusable> =>
  Effect.gen(function* () {
    const text = yield* Effect.tryPromise({
      try: () => readFile(file, "utf8"),
      catch: (cause) => new ParityFileUnusable({ file, why: `cannot be read (${String(cause)})` })
    })
    const raw = yield* Effect.try({
      try: (): unknown => JSON.parse(text.replace(/(?<=[:,[]\s*)(?:NA|NaN|-?Inf)(?=\s*[,\]}])/g, "null")),
      catch: (cause) => new ParityFileUnusable({ file, why: `is not JSON (${String(cause)})` })
    })
    const cases = yield* Schema.decodeUnknownEffect(Schema.Array(RocCase))(raw).pipe(
      Effect.mapError((issue) => new ParityFileUnusable({ file, why: String(issue) }))
    )
    if (cases.length === 0) return yield* new ParityFileUnusable({ file, why: "holds no case" })
    const ours = cases.map(compute)
    return QUANTITIES.map((quantity): ParityLine => {
      const errors = cases.flatMap((expected, at) => {
        const theirs = [expected[quantity]].flat()
        const { noVariance } = ours[at]!
        if (noVariance && (quantity === "z" || quantity === "p") && theirs[0] === null) return [0]
        return ours[at]![quantity].map((value, i) => difference(value, theirs[i]))
      })
      const error = Math.max(...errors)
      return { quantity, error, tolerance: TOLERANCE, pass: error <= TOLERANCE }
    })
  })

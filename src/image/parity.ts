/**
 * Our transforms beside albumentations': the folder that its functional API wrote (`cases.json`, `input.png`, one PNG a
 * case). The operation is told by the case's name, its parameters are those of the file.
 */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { decode } from "./decode.ts"
import { BorderMode } from "./kernels/border.ts"
import { brightnessContrast } from "./kernels/brightness-contrast.ts"
import { clahe } from "./kernels/clahe.ts"
import { flipHorizontal, flipVertical, rotate90, transpose } from "./kernels/flips.ts"
import { gridDistortion } from "./kernels/grid-distortion.ts"
import { fillHoles } from "./kernels/holes.ts"
import { shiftHsv } from "./kernels/hsv.ts"
import { opticalDistortion } from "./kernels/optical-distortion.ts"
import { resizeArea, resizeLinear } from "./kernels/resize.ts"
import type { Border } from "./kernels/sample-bilinear.ts"
import { shiftScaleRotate } from "./kernels/shift-scale-rotate.ts"
import type { Pixels } from "./pixels.ts"

const Cases = Schema.fromJsonString(
  Schema.Array(Schema.Struct({ name: Schema.String, params: Schema.Unknown, file: Schema.String }))
)

/** The folder could not be used; nothing was compared. */
export class ParityFolderUnusable extends Data.TaggedError("ParityFolderUnusable")<{
  readonly place: string
  readonly why: string
}> {
  override get message() {
    return `${this.place}: ${this.why}\n  Expected a folder with input.png, cases.json and the PNG files it names.`
  }
}

/** One quantity of one case: the error found, the greatest allowed, and where the case could not be run, why. */
export interface ParityLine {
  readonly quantity: string
  readonly error: number
  readonly tolerance: number
  readonly pass: boolean
  readonly reason?: string
}

/** "exact": not one value differs. "level": by at most one grey level. "interpolated": see `measure`. */
type Bound = "exact" | "level" | "interpolated"

interface Operation {
  readonly bound: Bound
  readonly run: (input: Pixels, params: unknown) => Effect.Effect<Pixels, Schema.SchemaError>
}

const operation = <A, I>(bound: Bound, params: Schema.Codec<A, I>, run: (input: Pixels, params: A) => Pixels) => ({
  bound,
  run: (input: Pixels, raw: unknown) =>
    Effect.map(Schema.decodeUnknownEffect(params)(raw), (decoded) => run(input, decoded))
})

const N = Schema.Finite
const NONE = Schema.Struct({})
const MIRRORED: Border = { mode: "reflect101" }
const Rectangle = Schema.Tuple([N, N, N, N])
const Ssr = Schema.Struct({ angle: N, scale: N, dx: N, dy: N, border: BorderMode })
const Grid = Schema.Struct({ numSteps: N, xsteps: Schema.Array(N), ysteps: Schema.Array(N) })
const Contrast = Schema.Struct({ alpha: N, beta: N, brightnessByMax: Schema.Boolean })
const Equalise = Schema.Struct({ clipLimit: N, tiles: Schema.Tuple([N, N]) })
const ToSize = Schema.Struct({ size: Schema.Tuple([N, N]) })

/** By the beginning of the case's name; `resize_64_area` and `resize_64_linear` also by its end. */
const OPERATIONS: ReadonlyArray<readonly [RegExp, Operation]> = [
  [/^transpose/, operation("exact", NONE, transpose)],
  [/^vflip/, operation("exact", NONE, flipVertical)],
  [/^hflip/, operation("exact", NONE, flipHorizontal)],
  [/^rot90/, operation("exact", Schema.Struct({ k: N }), (input, { k }) => rotate90(input, k))],
  [
    /^cutout/,
    operation("exact", Schema.Struct({ holes: Schema.Array(Rectangle) }), (input, { holes }) =>
      fillHoles(input, holes, [0, 0, 0])
    )
  ],
  [/^bc/, operation("level", Contrast, brightnessContrast)],
  [
    /^ssr/,
    operation("interpolated", Ssr, (input, { border, ...rest }) => shiftScaleRotate(input, rest, { mode: border }))
  ],
  [
    /^hsv/,
    operation("interpolated", Schema.Struct({ hue: N, sat: N, val: N }), (input, { hue, sat, val }) =>
      shiftHsv(input, { hue, saturation: sat, value: val })
    )
  ],
  [/^clahe/, operation("interpolated", Equalise, clahe)],
  [
    /^grid_distortion/,
    operation("interpolated", Grid, (input, p) => gridDistortion(input, p.numSteps, p.xsteps, p.ysteps, MIRRORED))
  ],
  [
    /^optical_distortion/,
    operation("interpolated", Schema.Struct({ k: N, dx: N, dy: N }), (input, p) =>
      opticalDistortion(input, p, MIRRORED)
    )
  ],
  [/^resize.*area$/, operation("interpolated", ToSize, (input, { size }) => resizeArea(input, size[0], size[1]))],
  [/^resize.*linear$/, operation("interpolated", ToSize, (input, { size }) => resizeLinear(input, size[0], size[1]))]
]

const failed = (quantity: string, reason: string): ParityLine => ({
  quantity,
  error: Number.POSITIVE_INFINITY,
  tolerance: 0,
  pass: false,
  reason
})

const line = (quantity: string, error: number, tolerance: number): ParityLine => ({
  quantity,
  error,
  tolerance,
  pass: error <= tolerance
})

/** Greatest difference, or mean absolute difference and its 99th percentile, in grey levels over all values. */
const measure = (name: string, bound: Bound, ours: Pixels, theirs: Pixels): ReadonlyArray<ParityLine> => {
  if (ours.width !== theirs.width || ours.height !== theirs.height) {
    return [failed(name, `ours is ${ours.width} × ${ours.height}, theirs ${theirs.width} × ${theirs.height}`)]
  }
  const differences = Uint8Array.from(ours.data, (value, i) => Math.abs(value - theirs.data[i]!)).sort()
  if (bound !== "interpolated") return [line(`${name}: greatest`, differences.at(-1) ?? 0, bound === "exact" ? 0 : 1)]
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length
  const p99 = differences[Math.min(differences.length - 1, Math.floor(0.99 * differences.length))] ?? 0
  return [line(`${name}: mean`, mean, 1), line(`${name}: 99th percentile`, p99, 4)]
}

const read = (path: string) =>
  Effect.tryPromise({
    try: () => readFile(path),
    catch: () => new ParityFolderUnusable({ place: path, why: "the file cannot be read" })
  })

const image = (path: string) =>
  Effect.flatMap(read(path), (bytes) =>
    decode(bytes, { name: path }).pipe(
      Effect.mapError((error) => new ParityFolderUnusable({ place: path, why: error.fault }))
    )
  )

/** Reads `cases.json`, `input.png` and the PNG files that the cases name, all in `folder`, and nothing else. */
export const augmentParity = Effect.fn("augmentParity")(function* (folder: string) {
  const place = join(folder, "cases.json")
  const cases = yield* Effect.flatMap(read(place), (bytes) =>
    Schema.decodeUnknownEffect(Cases)(bytes.toString("utf8")).pipe(
      Effect.mapError((error) => new ParityFolderUnusable({ place, why: error.message }))
    )
  )
  const input = yield* image(join(folder, "input.png"))
  const lines: Array<ParityLine> = []
  for (const { name, params, file } of cases) {
    const found = OPERATIONS.find(([pattern]) => pattern.test(name))?.[1]
    if (found === undefined) {
      lines.push(failed(name, "no operation of this name is known"))
      continue
    }
    if (!/^[\w.-]+$/.test(file))
      return yield* new ParityFolderUnusable({ place, why: `"${file}" is not in the folder` })
    const expected = yield* image(join(folder, file))
    const ours = yield* found.run(input, params).pipe(Effect.result)
    if (ours._tag === "Failure") lines.push(failed(name, `its parameters are not understood: ${ours.failure.message}`))
    else lines.push(...measure(name, found.bound, ours.success, expected))
  }
  return lines as ReadonlyArray<ParityLine>
})

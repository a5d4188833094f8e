/**
 * Pipelines that albumentations wrote (`A.to_dict`, as JSON) → our transforms. Versions 0.5 to 1.3 name their parameters
 * alike. What cannot be honoured is named, never passed over in silence: an unknown transform or a parameter without
 * counterpart makes the reading fail, unless it says what is done here anyway.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { InvalidAugmentation } from "./error.ts"
import type { BorderMode } from "./kernels/border.ts"
import { decodeTransforms, type Transforms } from "./transforms/transform.ts"

/** Reads one of a transform's parameters: what it becomes, or in words why it cannot be honoured. */
type Reader = (value: unknown, fail: (why: string) => void) => Record<string, unknown>
type Readers = Readonly<Record<string, Reader>>

const as =
  (name: string): Reader =>
  (value) => ({ [name]: value })

/** Albumentations' lengths are pixels of the image it was given: here too, unless `relativeTo` says of which size. */
type Lengths = (pixels: number) => number | { readonly pixels: number }

const isNumber = (value: unknown): value is number => typeof value === "number"
const isRange = (value: unknown): value is [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every(isNumber)

/** Only the given values are possible here; they say nothing that is not so anyway. */
const only =
  (...allowed: ReadonlyArray<unknown>): Reader =>
  (value, fail) => {
    if (!allowed.some((it) => JSON.stringify(it) === JSON.stringify(value))) {
      fail(`${JSON.stringify(value)} is not supported, only ${allowed.map((it) => JSON.stringify(it)).join(" or ")}`)
    }
    return {}
  }

/** OpenCV's numbers. */
const BORDERS: Readonly<Record<number, BorderMode>> = {
  0: "constant",
  1: "replicate",
  2: "reflect",
  3: "wrap",
  4: "reflect101"
}
const borderMode: Reader = (value, fail) => {
  const mode = isNumber(value) ? BORDERS[value] : undefined
  if (mode === undefined) fail(`border mode ${JSON.stringify(value)} is not one of 0 to 4`)
  return { borderMode: mode }
}
const colour =
  (name: string): Reader =>
  (value, fail) => {
    if (value === null) return {}
    if (isNumber(value)) return { [name]: [value, value, value] }
    if (Array.isArray(value) && value.length === 3 && value.every(isNumber)) return { [name]: value }
    fail(`${JSON.stringify(value)} is no colour`)
    return {}
  }

/** Parameters that every transform may have: the base class, and targets that are not here (masks, boxes). */
const COMMON: Readers = {
  p: as("p"),
  always_apply: (value) => (value === true ? { p: 1 } : {}),
  __class_fullname__: () => ({})
}
const warp: Readers = {
  interpolation: only(1),
  border_mode: borderMode,
  value: colour("value"),
  mask_value: () => ({})
}

const readersFor = (length: Lengths): Readonly<Record<string, Readers>> => {
  const pixels =
    (name: string): Reader =>
    (value, fail) => {
      if (isNumber(value)) return { [name]: length(value) }
      if (value === null) return {}
      fail(`${JSON.stringify(value)} is no number of pixels`)
      return {}
    }
  const kernel: Reader = (value, fail) => {
    if (isRange(value)) return { blurLimit: [length(value[0]), length(value[1])] }
    if (isNumber(value)) return { blurLimit: [length(3), length(value)] }
    fail(`${JSON.stringify(value)} is no range of kernel sizes`)
    return {}
  }
  // Counts and sizes of CoarseDropout may be fractions: of the height, of the width.
  const dropout =
    (name: string): Reader =>
    (value, fail) => {
      if (isNumber(value) && !Number.isInteger(value)) fail("fractions of one side are not supported: use `Cutout`")
      return pixels(name)(value, fail)
    }
  const distort: Readers = { distort_limit: as("distortLimit"), ...warp }
  return {
    Transpose: {},
    HorizontalFlip: {},
    VerticalFlip: {},
    Flip: {},
    RandomRotate90: {},
    ShiftScaleRotate: {
      // 1.x keeps the shifts of both axes apart; equal ones are one limit.
      shift_limit: as("shiftLimit"),
      shift_limit_x: as("shiftLimit"),
      shift_limit_y: as("shiftLimit"),
      scale_limit: (value) => ({ scaleLimit: value }),
      rotate_limit: as("rotateLimit"),
      rotate_method: only("largest_box"),
      ...warp
    },
    RandomBrightnessContrast: {
      brightness_limit: as("brightnessLimit"),
      contrast_limit: as("contrastLimit"),
      brightness_by_max: as("brightnessByMax")
    },
    RandomContrast: { limit: as("limit"), contrast_limit: as("limit") },
    HueSaturationValue: {
      hue_shift_limit: as("hueShiftLimit"),
      sat_shift_limit: as("satShiftLimit"),
      val_shift_limit: as("valShiftLimit")
    },
    Cutout: {
      num_holes: as("numHoles"),
      max_h_size: pixels("maxHSize"),
      max_w_size: pixels("maxWSize"),
      fill_value: colour("fillValue")
    },
    CoarseDropout: {
      max_holes: as("maxHoles"),
      max_height: dropout("maxHeight"),
      max_width: dropout("maxWidth"),
      min_holes: as("minHoles"),
      min_height: dropout("minHeight"),
      min_width: dropout("minWidth"),
      fill_value: colour("fillValue"),
      mask_fill_value: () => ({})
    },
    CLAHE: { clip_limit: as("clipLimit"), tile_grid_size: as("tileGridSize") },
    GaussNoise: { var_limit: as("varLimit"), mean: only(0), per_channel: only(true) },
    GaussianBlur: { blur_limit: kernel, sigma_limit: only(0, [0, 0]) },
    MotionBlur: { blur_limit: kernel, allow_shifted: only(true) },
    MedianBlur: { blur_limit: kernel },
    GridDistortion: { num_steps: as("numSteps"), normalized: only(false), ...distort },
    OpticalDistortion: { shift_limit: as("shiftLimit"), ...distort },
    ElasticTransform: {
      alpha: pixels("alpha"),
      sigma: pixels("sigma"),
      alpha_affine: pixels("alphaAffine"),
      approximate: only(false),
      same_dxdy: only(false),
      ...warp
    }
  }
}

/** Done here in every case, after the transforms: by `render`, and by the network's preprocessing. */
const ALWAYS_DONE = new Set(["Resize", "Normalize", "ToTensorV2", "ToTensor", "ToFloat"])
const COMPOSITIONS = new Set(["Compose", "OneOf", "SomeOf", "Sequential"])

const Node = Schema.Record(Schema.String, Schema.Unknown)
const Document = Schema.Struct({ transform: Node })

export interface ReadPipeline {
  readonly transforms: Transforms
  /** What is not a transform here, and what is done in its place. */
  readonly notes: ReadonlyArray<string>
}

export interface AlbumentationsOptions {
  /** What errors call the document: its file. */
  readonly name: string
  /** Read lengths as pixels of an image with this shorter side, and so make them relative. Absent: pixels they stay. */
  readonly relativeTo?: number
}

/** Collects faults and notes while it walks the tree. */
const walk = (readers: Readonly<Record<string, Readers>>) => {
  const faults: Array<string> = []
  const notes: Array<string> = []
  const leaf = (at: string, name: string, node: Readonly<Record<string, unknown>>): Array<unknown> => {
    const own = readers[name]
    if (own === undefined) {
      faults.push(`${at}: there is no transform ${name} here`)
      return []
    }
    const fields: Record<string, unknown> = { _tag: name }
    for (const [parameter, value] of Object.entries(node)) {
      const reader = own[parameter] ?? COMMON[parameter]
      if (reader === undefined) faults.push(`${at}.${parameter}: ${name} has no such parameter here`)
      else
        Object.assign(
          fields,
          reader(value, (why) => faults.push(`${at}.${parameter}: ${why}`))
        )
    }
    return [fields]
  }
  const visit = (at: string, raw: unknown): Array<unknown> => {
    const node = Schema.decodeUnknownResult(Node)(raw)
    if (node._tag === "Failure") {
      faults.push(`${at}: expected an object`)
      return []
    }
    const fullName = node.success.__class_fullname__
    if (typeof fullName !== "string") {
      faults.push(`${at}: no __class_fullname__`)
      return []
    }
    const name = fullName.split(".").at(-1)!
    if (ALWAYS_DONE.has(name)) {
      notes.push(`${at}: ${name} is left to the resize stage and the network's preprocessing`)
      return []
    }
    if (!COMPOSITIONS.has(name)) return leaf(at, name, node.success)
    const { transforms, p = 1, n, replace } = node.success
    if (!Array.isArray(transforms)) {
      faults.push(`${at}: ${name} has no list of transforms`)
      return []
    }
    const children = transforms.flatMap((child, index) => visit(`${at}.transforms[${index}]`, child))
    const tag = name === "Sequential" ? "Compose" : name
    const some = tag === "SomeOf" ? { n, ...(replace === undefined ? {} : { replace }) } : {}
    return [{ _tag: tag, transforms: children, p, ...some }]
  }
  return { visit, faults, notes }
}

/** Reads the object that `json.loads` gives back what `A.to_dict` gave. Fails with everything that cannot be honoured. */
export const readAlbumentations = (
  document: unknown,
  { name, relativeTo }: AlbumentationsOptions
): Effect.Effect<ReadPipeline, InvalidAugmentation> =>
  Effect.gen(function* () {
    const invalid = (fault: string): InvalidAugmentation =>
      new InvalidAugmentation({
        place: name,
        fault,
        mend: "Remove or replace what is named, or write the list with this project's transforms."
      })
    const { transform } = yield* Schema.decodeUnknownEffect(Document)(document).pipe(
      Effect.mapError(() => invalid('it is not what A.to_dict writes: no object "transform"'))
    )
    const length: Lengths = (pixels) => (relativeTo === undefined ? { pixels } : pixels / relativeTo)
    const { visit, faults, notes } = walk(readersFor(length))
    const list = visit("transform", transform)
    if (faults.length > 0) return yield* invalid(`not everything in it can be honoured:\n  ${faults.join("\n  ")}`)
    const transforms = yield* decodeTransforms(list).pipe(Effect.mapError((error) => invalid(error.message)))
    // A Compose that always applies is just its list.
    const [only] = transforms
    const flat = transforms.length === 1 && only?._tag === "Compose" && only.p === 1 ? only.transforms : transforms
    return { transforms: flat, notes }
  })

import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readAlbumentations } from "../../src/image/albumentations.ts"
import { presets } from "../../src/image/presets.ts"

const leaf = (name: string, parameters: object = {}) => ({
  __class_fullname__: `albumentations.augmentations.transforms.${name}`,
  always_apply: false,
  p: 0.5,
  ...parameters
})
const document = (transforms: ReadonlyArray<unknown>) => ({
  __version__: "0.5.2",
  transform: {
    __class_fullname__: "albumentations.core.composition.Compose",
    p: 1.0,
    transforms,
    bbox_params: null,
    keypoint_params: null,
    additional_targets: {}
  }
})
const contrast = (limit: number) =>
  leaf("RandomBrightnessContrast", {
    brightness_limit: [-limit, limit],
    contrast_limit: [-limit, limit],
    brightness_by_max: true
  })

/** As `A.to_dict` of 0.5.2 writes the original project's list. */
const original = document([
  leaf("Transpose"),
  leaf("RandomContrast", { limit: [-0.2, 0.2] }),
  leaf("VerticalFlip"),
  leaf("Flip"),
  leaf("Cutout", { p: 1, num_holes: 8, max_h_size: 8, max_w_size: 8, fill_value: 0 }),
  leaf("ShiftScaleRotate", {
    shift_limit: [-0.0625, 0.0625],
    scale_limit: [-0.1, 0.1],
    rotate_limit: [-45, 45],
    interpolation: 1,
    border_mode: 4,
    value: null,
    mask_value: null
  }),
  { __class_fullname__: "albumentations.core.composition.OneOf", p: 1, transforms: [contrast(0.3), contrast(0.1)] },
  leaf("HueSaturationValue", { hue_shift_limit: [-20, 20], sat_shift_limit: [-30, 30], val_shift_limit: [-20, 20] }),
  leaf("Resize", { height: 128, width: 128, interpolation: 1, always_apply: true, p: 1 }),
  {
    __class_fullname__: "albumentations.pytorch.transforms.ToTensorV2",
    always_apply: true,
    p: 1,
    transpose_mask: false
  }
])

const read = (it: unknown, relativeTo?: number) =>
  readAlbumentations(it, { name: "list.json", ...(relativeTo === undefined ? {} : { relativeTo }) })
const fault = (it: unknown) => Effect.runSync(Effect.flip(read(it))).message

/** A limit x stands for −x … x. */
const spelled = (list: unknown): unknown =>
  JSON.parse(JSON.stringify(list), (key, value) =>
    /Limit$|^limit$/u.test(key) && typeof value === "number" ? [-value, value] : value
  )

describe("a pipeline that albumentations wrote", () => {
  it.effect("is read as our own list, with what is done elsewhere named", () =>
    Effect.gen(function* () {
      const { transforms, notes } = yield* read(original, 128)
      assert.deepStrictEqual(spelled(transforms), spelled(presets.original))
      assert.strictEqual(notes.length, 2)
      assert.match(notes[0]!, /transforms\[8\]: Resize/)
    })
  )

  it.effect("keeps its lengths in pixels unless told on which size they were meant", () =>
    Effect.gen(function* () {
      const { transforms } = yield* read(document([leaf("GaussianBlur", { blur_limit: [3, 7], sigma_limit: [0, 0] })]))
      assert.deepStrictEqual(transforms, [{ _tag: "GaussianBlur", blurLimit: [{ pixels: 3 }, { pixels: 7 }], p: 0.5 }])
    })
  )

  it.effect("may nest and choose", () =>
    Effect.gen(function* () {
      const inner = {
        __class_fullname__: "SomeOf",
        p: 0.7,
        n: 2,
        replace: false,
        transforms: [leaf("HorizontalFlip"), leaf("CLAHE", { clip_limit: [1, 4], tile_grid_size: [8, 8] })]
      }
      const [some] = (yield* read(document([inner]))).transforms
      assert.deepInclude(some, { _tag: "SomeOf", n: 2, replace: false, p: 0.7 })
    })
  )

  it("is refused with every thing that cannot be honoured, by its place", () => {
    const message = fault(
      document([
        leaf("RandomRain"),
        leaf("ShiftScaleRotate", { interpolation: 2, border_mode: 9 }),
        leaf("GaussNoise", { var_limit: [10, 50], mean: 3 }),
        leaf("Transpose", { colour: 1 })
      ])
    )
    assert.match(message, /^list\.json: /)
    for (const words of [
      "transforms[0]: there is no transform RandomRain",
      "transforms[1].interpolation: 2 is not supported, only 1",
      "transforms[1].border_mode",
      "transforms[2].mean: 3 is not supported",
      "transforms[3].colour"
    ]) {
      assert.include(message, words)
    }
  })

  it("of another kind is refused too", () => {
    assert.match(fault({}), /A\.to_dict/)
    assert.match(fault(null), /A\.to_dict/)
    assert.match(fault(document([{ p: 1 }])), /__class_fullname__/)
    assert.match(fault(document([leaf("HorizontalFlip", { p: 7 })])), /"p"/)
    assert.match(fault(document([{ __class_fullname__: "OneOf", p: 1 }])), /no list/)
  })
})

/** Lists of transforms by name. */
import * as Schema from "effect/Schema"
import { type TransformEncoded, type Transforms, Transforms as TransformsSchema } from "./transforms/transform.ts"

const decoded = (list: ReadonlyArray<TransformEncoded>): Transforms => Schema.decodeSync(TransformsSchema)(list)

/**
 * The training list of the project this one starts from (AIDL21-SAGAN, `EfficientNet/classifier.py`), in its order. Its
 * Cutout holes of 8 × 8 pixels vanished on photographs and were plain on 128-pixel GAN images; here they are 8 / 128 of
 * the side on both. Its resizing to 128 × 128 is not a transform here: see `render`.
 */
const original = decoded([
  { _tag: "Transpose" },
  { _tag: "RandomContrast", limit: 0.2 },
  { _tag: "VerticalFlip" },
  { _tag: "Flip" },
  { _tag: "Cutout", numHoles: 8, p: 1 },
  { _tag: "ShiftScaleRotate", shiftLimit: 0.0625, scaleLimit: 0.1, rotateLimit: 45 },
  {
    _tag: "OneOf",
    p: 1,
    transforms: [
      { _tag: "RandomBrightnessContrast", brightnessLimit: 0.3, contrastLimit: 0.3 },
      { _tag: "RandomBrightnessContrast", brightnessLimit: 0.1, contrastLimit: 0.1 }
    ]
  },
  { _tag: "HueSaturationValue", hueShiftLimit: 20, satShiftLimit: 30, valShiftLimit: 20 }
])

/** Elastic deformations are lengths on images of 512 pixels: see `ElasticTransform`. */
const of512 = (pixels: number): number => pixels / 512

/**
 * The first place of SIIM-ISIC 2020 (Q. Ha, B. Liu, F. Liu, arXiv 2010.05351). Blur kernels, 3 to 5 pixels of the image
 * that the network sees, are fractions of the reference side; hole sizes were relative from the start.
 */
const siimWinner = decoded([
  { _tag: "Transpose" },
  { _tag: "VerticalFlip" },
  { _tag: "HorizontalFlip" },
  { _tag: "RandomBrightnessContrast", brightnessLimit: 0.2, contrastLimit: 0, p: 0.75 },
  { _tag: "RandomContrast", limit: 0.2, p: 0.75 },
  {
    _tag: "OneOf",
    p: 0.7,
    transforms: [
      { _tag: "MotionBlur", blurLimit: [3 / 128, 5 / 128] },
      { _tag: "MedianBlur", blurLimit: [3 / 128, 5 / 128] },
      { _tag: "GaussianBlur", blurLimit: [3 / 128, 5 / 128] },
      { _tag: "GaussNoise", varLimit: [5, 30] }
    ]
  },
  {
    _tag: "OneOf",
    p: 0.7,
    transforms: [
      { _tag: "OpticalDistortion", distortLimit: 1 },
      { _tag: "GridDistortion", numSteps: 5, distortLimit: 1 },
      { _tag: "ElasticTransform", alpha: of512(3), sigma: of512(50), alphaAffine: of512(50) }
    ]
  },
  { _tag: "CLAHE", clipLimit: 4, p: 0.7 },
  { _tag: "HueSaturationValue", hueShiftLimit: 10, satShiftLimit: 20, valShiftLimit: 10, p: 0.5 },
  {
    _tag: "ShiftScaleRotate",
    shiftLimit: 0.1,
    scaleLimit: 0.1,
    rotateLimit: 15,
    borderMode: "constant",
    p: 0.85
  },
  { _tag: "Cutout", numHoles: 1, maxHSize: 0.375, maxWSize: 0.375, p: 0.7 }
])

export const presets = { none: [] as Transforms, original, "siim-winner": siimWinner } as const

export const PresetName = Schema.Literals(["none", "original", "siim-winner"])
export type PresetName = typeof PresetName.Type

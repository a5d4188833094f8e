/** The project's own task, drawn by code: lesions whose class acts through one hidden trait, with hairs, rulers and noise in the way. */
import { planView } from "../../src/image/plan.ts"
import { type PresetName, presets } from "../../src/image/presets.ts"
import { render, resizeOnly, toCanvas } from "../../src/image/render.ts"
import type { ImageSource, LabelledImages } from "../../src/model/data.ts"
import {
  drawPhotograph,
  type LesionSetOptions,
  type Photograph,
  photographs
} from "../../src/procedural/lesion-images.ts"

export type Part = LabelledImages & { readonly images: ImageSource }

/** Photographs of so many patients, one of each, in consecutive parts of these sizes. */
export const patients = (
  options: LesionSetOptions,
  sizes: ReadonlyArray<number>
): ReadonlyArray<ReadonlyArray<Photograph>> => {
  const firsts = photographs(options).filter(({ index }) => index === 1)
  return sizes.map((size, part) => {
    const start = sizes.slice(0, part).reduce((sum, size) => sum + size, 0)
    return firsts.slice(start, start + size)
  })
}

/** Their images at `side` pixels, as they are or in augmented views. */
export const imagesOf = (
  options: LesionSetOptions,
  chosen: ReadonlyArray<Photograph>,
  side: number,
  { preset, views }: { readonly preset: PresetName; readonly views: number } = { preset: "none", views: 1 }
): Part => {
  const rows = chosen.map((photograph) => {
    const pixels = drawPhotograph(options, photograph)
    if (preset === "none") return [resizeOnly(pixels, side)]
    const canvas = toCanvas(pixels, side)
    const row = { digest: photograph.path, width: pixels.width, height: pixels.height }
    return Array.from({ length: views }, (_, view) =>
      render(canvas, planView(presets[preset], options.seed, row, view), side)
    )
  })
  const read: ImageSource["read"] = (row, view, into) => into.set(rows[row]![view]!)
  return { labels: chosen.map(({ label }) => label), images: { size: rows.length, views: rows[0]!.length, side, read } }
}

/** The embedded data set of the demo: lesion-like photographs drawn by code, with patients and a table of labels. */
import * as Stage from "../src/dag/stage.ts"
import { LesionSetOptions, lesionImages } from "../src/procedural/lesion-images.ts"
import { ImageFiles } from "./artifacts/image-files.ts"

export const drawLesions = Stage.make({
  name: "draw-lesions",
  module: import.meta.url,
  params: LesionSetOptions,
  inputs: {},
  output: ImageFiles,
  run: ({ params }) => lesionImages(params)
})

import * as Pipeline from "../src/dag/pipeline.ts"
import { comparison } from "./comparison.ts"
import { melanomaDefaults } from "./defaults.ts"
import { settings } from "./settings.ts"

/** The real one: EfficientNet-b3 with the original project's parameters, on the user's images. */
export const melanoma = Pipeline.define({
  name: "melanoma",
  description: "EfficientNet-b3 on your images, with the original project's parameters",
  settings: settings(melanomaDefaults),
  build: (values) => {
    if (values.data.real === undefined) {
      throw new Pipeline.SettingError({
        setting: "data.real",
        fault: "the pipeline melanoma needs your images",
        mend: "--set data.real=FOLDER, and --set data.synthetic=FOLDER for the GAN's (or try --pipeline demo)"
      })
    }
    return comparison("melanoma", values)
  }
})

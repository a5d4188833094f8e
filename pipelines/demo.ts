import * as Pipeline from "../src/dag/pipeline.ts"
import { comparison } from "./comparison.ts"
import { demoDefaults } from "./defaults.ts"
import { settings } from "./settings.ts"

/** The whole pipeline on embedded data and a small network: a verdict within minutes. */
export const demo = Pipeline.define({
  name: "demo",
  description: "embedded pictures, a small network: a verdict within minutes",
  settings: settings(demoDefaults),
  build: (values) => comparison("demo", values)
})

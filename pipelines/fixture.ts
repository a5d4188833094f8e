import * as Pipeline from "../src/dag/pipeline.ts"
import { comparison } from "./comparison.ts"
import { fixtureDefaults } from "./defaults.ts"
import { settings } from "./settings.ts"

/** The whole pipeline in under a minute: for tests. */
export const fixture = Pipeline.define({
  name: "fixture",
  description: "the whole pipeline in under a minute, for tests",
  settings: settings(fixtureDefaults),
  build: (values) => comparison("fixture", values)
})

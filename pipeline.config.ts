/** The pipelines by name. Run as a program, this file is the command line: `npx tsx pipeline.config.ts run`. */

import { models } from "./inference/models.ts"
import { backends } from "./pipelines/checks.ts"
import { demo } from "./pipelines/demo.ts"
import { fixture } from "./pipelines/fixture.ts"
import { frozenLayers } from "./pipelines/frozen-layers.ts"
import { melanoma } from "./pipelines/melanoma.ts"
import { main } from "./src/cli/main.ts"

export default main({
  pipelines: [demo, melanoma, frozenLayers, fixture],
  default: "demo",
  module: import.meta.url,
  checks: [backends],
  models
})

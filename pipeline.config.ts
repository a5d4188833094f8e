/** Run as a program, this file is the command line: `npx tsx pipeline.config.ts run`. The pipelines by name: pipelines/index.ts. */
import { main } from "./src/cli/main.ts"

export default main({ module: import.meta.url, default: "demo", load: () => import("./pipelines/index.ts") })

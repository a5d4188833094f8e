/** What `predict` and `export` do with the networks of these pipelines. */
import { formats } from "./formats.ts"

export const models = {
  stage: "fine-tune",
  formats,
  load: async () => {
    const [{ predict }, { exportNetwork }] = await Promise.all([import("./predict.ts"), import("./export.ts")])
    return { predict, export: exportNetwork }
  }
}

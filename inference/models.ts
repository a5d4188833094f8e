/** What `predict` and `export` do with the networks of these pipelines. */
import { formats, formatsHelp } from "./formats.ts"

export const models = {
  stage: "fine-tune",
  formats,
  formatsHelp,
  load: async () => {
    const [{ predict }, { exportNetwork }] = await Promise.all([import("./predict.ts"), import("./export.ts")])
    return { predict, export: exportNetwork }
  }
}

/**
 * `dermograph/stage`: what a stage of your own imports. A stage is one module that exports it under its name in camel
 * case; `docs/own-pipeline.md` builds one.
 */
export * as Artifact from "../dag/artifact.ts"
export { Checkpoint, ItemCache, Progress, SourceFiles } from "../dag/services.ts"
export * as Stage from "../dag/stage.ts"

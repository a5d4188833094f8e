/**
 * `dermograph/pipeline`: what a configuration of your own imports: pipelines are defined with it, and `main` makes the
 * file the command line.
 */
export type { Config, Finding, LazyConfig } from "../cli/config.ts"
export { main } from "../cli/main.ts"
export { type Built, conclude, define, describeBy, type Pipeline, SettingError } from "../dag/pipeline.ts"
export type { AnyNode, Node } from "../dag/stage.ts"

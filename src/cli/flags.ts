/** The flags that several commands share. */
import { availableParallelism } from "node:os"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import type { Verification } from "../dag/verification.ts"
import type { Config } from "./config.ts"

export const optionalText = (flag: Flag.Flag<string>) => flag.pipe(Flag.optional, Flag.map(Option.getOrUndefined))
export const optionalInt = (flag: Flag.Flag<number>) => flag.pipe(Flag.optional, Flag.map(Option.getOrUndefined))

export const atLeast = (least: number) =>
  Flag.filter<number>(
    (count) => count >= least,
    () => `at least ${least}`
  )

/** Which pipeline, with which settings. */
export const pipelineFlags = (config: Config) => ({
  pipeline: Flag.String("pipeline").pipe(
    Flag.withAlias("p"),
    Flag.withMetavar("NAME"),
    Flag.withDescription(`One of ${config.pipelines.map(({ name }) => name).join(", ")} (default: ${config.default})`),
    optionalText
  ),
  set: Flag.String("set").pipe(
    Flag.withMetavar("path=value"),
    Flag.withDescription("A setting, such as model.frozenLayers=3. May be repeated; `config show` lists them all"),
    Flag.atLeast(0)
  ),
  config: Flag.String("config").pipe(
    Flag.withMetavar("FILE.json"),
    Flag.withDescription("Settings from a JSON file; --set wins over it"),
    optionalText
  )
})

export const storeFlag = {
  store: Flag.String("store").pipe(
    Flag.withMetavar("DIR"),
    Flag.withDescription("Folder of the store (default: cache, beside the configuration)"),
    optionalText
  )
}

export const jsonFlag = (what: string) => ({
  json: Flag.Boolean("json").pipe(Flag.withDescription(what), Flag.withoutNegation, Flag.withDefault(false))
})

export const switchFlag = (name: string, description: string) =>
  Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.withoutNegation, Flag.withDefault(false))

/** Stages that compute keep a core busy each, and their libraries use more threads of their own. */
export const defaultConcurrency = Math.min(2, availableParallelism())

export const concurrencyFlag = Flag.Int("concurrency").pipe(
  Flag.withAlias("j"),
  Flag.withMetavar("N"),
  Flag.withDescription(`How many stages may work at the same time (default: 2, or 1 on a single core)`),
  atLeast(1),
  Flag.withDefault(defaultConcurrency)
)

export const verifyFlag = Flag.Literals("verify", [
  "once",
  "always",
  "never"
] as const satisfies Array<Verification>).pipe(
  Flag.withDescription(
    "When stored bytes are hashed before they are used: once a run, always (by each stage that reads them), never (default: once)"
  ),
  Flag.withDefault("once" as const)
)

const globs = (name: string, description: string) =>
  Flag.String(name).pipe(
    Flag.withMetavar("GLOB"),
    Flag.withDescription(`${description}. May be repeated`),
    Flag.atLeast(0)
  )

/** Which nodes may run; globs over their names. */
export const selectionFlags = {
  only: globs("only", "Run these nodes alone, such as 'fine-tune:*'"),
  from: globs("from", "Run these nodes and all below them"),
  until: globs("until", "Run these nodes and all above them"),
  downstream: globs("downstream", "Run all below these nodes"),
  force: globs("force", "Run these nodes even where their output is in the store")
}

export const againstFlag = Flag.String("against").pipe(
  Flag.withMetavar("RUN"),
  Flag.withDescription(
    "Compare with this run, not with the one of the node's last few that differs least: a name, `last`, `previous`"
  ),
  optionalText
)

/** What the trees of commands share. */
import * as Effect from "effect/Effect"
import type { Config } from "../config.ts"

export interface Context {
  readonly config: Config
  /** How the user calls the program: what usage and examples show. */
  readonly program: string
}

export const oneObject = "One JSON object on standard output"

/** Loads a command's module when the command is used. */
export const lazily = <A, E, R, M>(load: () => Promise<M>, use: (module: M) => Effect.Effect<A, E, R>) =>
  Effect.flatMap(Effect.promise(load), use)

export const exampleOf = (program: string) => (command: string, description: string) => ({
  command: `${program} ${command}`,
  description
})

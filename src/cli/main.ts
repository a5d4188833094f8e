/**
 * The entry of a `pipeline.config.ts`: it becomes the command line where that file is the program being run. Imported
 * by another module (a test, an editor, a bundle) it does nothing.
 */
import { realpathSync } from "node:fs"
import { fileURLToPath } from "node:url"
import type { Config } from "./config.ts"

export type { Config } from "./config.ts"

const realPath = (path: string): string | undefined => {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

/** Whether the module at `url` is the program that Node was asked to run. */
export const isProgram = (url: string, argument = process.argv[1]): boolean => {
  if (argument === undefined) return false
  const module = realPath(fileURLToPath(url))
  return module !== undefined && (realPath(argument) === module || realPath(`${argument}.ts`) === module)
}

/** Runs the command line when the configuration is the program; otherwise only hands the configuration back. */
export const main = (config: Config): Config => {
  if (isProgram(config.module)) {
    void import("./program.ts").then(({ start }) => start(config, process.argv.slice(2)))
  }
  return config
}

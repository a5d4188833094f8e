/**
 * The entry of a `pipeline.config.ts`: it becomes the command line where that file is the program being run. Imported
 * by another module (a test, an editor, a bundle) it does nothing.
 */
import { realpathSync } from "node:fs"
import { basename, dirname } from "node:path"
import { fileURLToPath } from "node:url"
import type { Config, LazyConfig } from "./config.ts"

export type { Config, LazyConfig } from "./config.ts"

/** Defined in a bundle that `bin/program.mjs` made. */
declare const __dermographBundle: true | undefined

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

/** The address of the bundle of this configuration; undefined where none can be kept (a folder that is read only). */
const bundleOf = async ({ module }: LazyConfig): Promise<string | undefined> => {
  const path = realpathSync(fileURLToPath(module))
  const { programOf } = await import("../../bin/program.mjs")
  try {
    return await programOf(dirname(path), basename(path), { loaders: true })
  } catch (cause) {
    if (cause instanceof Error && "syscall" in cause) return undefined
    throw cause
  }
}

const begin = async (config: Config | LazyConfig): Promise<void> => {
  const isLazy = "load" in config
  // With --debug from the sources themselves: their lines are what a stack is to name.
  if (isLazy && typeof __dermographBundle === "undefined" && !process.argv.includes("--debug")) {
    const bundle = await bundleOf(config)
    if (bundle !== undefined) {
      // It calls `main` itself.
      await import(bundle)
      return
    }
  }
  const [whole, { start }] = await Promise.all([
    isLazy ? config.load().then((parts) => ({ ...config, ...parts })) : config,
    import("./program.ts")
  ])
  start(whole, process.argv.slice(2))
}

/**
 * Runs the command line when the configuration is the program; otherwise only hands the configuration back. Of one with
 * `load`, the program is a bundle of all that it loads, made anew only when a file in it has other bytes.
 */
export const main = <C extends Config | LazyConfig>(config: C): C => {
  if (isProgram(config.module)) void begin(config)
  return config
}

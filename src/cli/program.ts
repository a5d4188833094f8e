/** Runs the command line: parses, hands over to the command, reports errors, ends with the exit code. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Cause from "effect/Cause"
import * as CliConfig from "effect/cli/CliConfig"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { commandTree } from "./commands.ts"
import { completionsFlag } from "./completions.ts"
import type { Config } from "./config.ts"
import { Ended, exitCodeOf } from "./errors.ts"
import { programName } from "./invocation.ts"
import { presenter } from "./presenter.ts"
import { Project } from "./project.ts"
import { guardPipes, printError } from "./text/terminal.ts"
import { version } from "./version.ts"

export const interruptedCode = 130

/** One Ctrl-C may reach us twice: from the terminal, and from a parent that passes it on. Milliseconds. */
const sameSignal = 1000

/** `help`, `help run` are what `--help`, `run --help` are; no command at all is help too. */
export const normalise = (args: ReadonlyArray<string>): ReadonlyArray<string> => {
  if (args.length === 0) return ["--help"]
  return args[0] === "help" ? [...args.slice(1), "--help"] : args
}

const report = (error: unknown, debug: boolean): void => {
  if (error instanceof Ended) return
  const shown = typeof error === "object" && error !== null && "_tag" in error && error._tag === "ShowHelp"
  if (shown) return
  const message = error instanceof Error ? error.message : String(error)
  printError(message === "" ? String(error) : message)
  if (debug && error instanceof Error) process.stderr.write(`${error.stack ?? ""}\n`)
}

const codeOf = (exit: Exit.Exit<unknown, unknown>, debug: boolean): number => {
  if (Exit.isSuccess(exit)) return 0
  if (Cause.hasInterruptsOnly(exit.cause)) return interruptedCode
  const error = Cause.squash(exit.cause)
  report(error, debug)
  return exitCodeOf(error)
}

/** Ends when what was written has gone out. */
const end = (code: number): void => {
  process.exitCode = code
  process.stdout.write("", () => process.exit(code))
}

/** Starts the command line in this process; never returns control to the caller's code. */
export const start = (config: Config, given: ReadonlyArray<string>): void => {
  guardPipes()
  const args = normalise(given)
  const debug = args.includes("--debug")
  // A completion script completes a command's name, which may hold no space.
  const program = args.some((arg) => arg.startsWith("--completions")) ? "dermograph" : programName()
  const services = Layer.mergeAll(
    NodeServices.layer,
    Layer.succeed(Project, config),
    CliOutput.layerPresenter(presenter(program)),
    CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, completionsFlag(config)] })
  )
  const main = Command.runWith(commandTree({ config, program }), { version: version() })(args).pipe(
    Effect.provide(services)
  )
  // Nothing else need keep Node alive while the fibre waits.
  const alive = setInterval(() => undefined, 2 ** 30)
  const fiber = Effect.runFork(main)
  let interruptedAt: number | undefined
  const interrupt = () => {
    const now = Date.now()
    if (interruptedAt === undefined) {
      interruptedAt = now
      Effect.runFork(Fiber.interrupt(fiber))
    } else if (now - interruptedAt > sameSignal) {
      // After the live view, which gives the terminal back when the process ends.
      process.once("exit", () =>
        process.stderr.write("ended at once: what was begun since the last checkpoint is lost\n")
      )
      process.exit(interruptedCode)
    }
  }
  process.on("SIGINT", interrupt)
  process.on("SIGTERM", interrupt)
  fiber.addObserver((exit) => {
    clearInterval(alive)
    end(codeOf(exit, debug))
  })
}

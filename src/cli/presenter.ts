/** How help and wrong invocations are shown: help on standard output, what is wrong on standard error, briefly. */
import type * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import * as Effect from "effect/Effect"
import { print, printError } from "./text/terminal.ts"

const sentence = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/u, "")

const meant = (suggestions: ReadonlyArray<string>): string =>
  suggestions.length === 0 ? "" : `; did you mean ${suggestions.join(" or ")}?`

const messageOf = (error: CliError.NonShowHelpErrors): string => {
  switch (error._tag) {
    case "UnrecognizedOption":
      return `there is no flag ${error.option}${meant(error.suggestions)}`
    case "UnknownSubcommand":
      return `there is no command ${error.subcommand}${meant(error.suggestions)}`
    default:
      return sentence(error.message.trim())
  }
}

export const presenter = (program: string): CliOutput.Presenter => {
  const formatter = CliOutput.defaultFormatter({ colors: process.stdout.hasColors?.() ?? false })
  return {
    present: (event) =>
      Effect.sync(() => {
        switch (event._tag) {
          case "Help":
            return print(formatter.formatHelpDoc(event.helpDoc))
          case "Version":
            return print(event.version)
          case "InvalidInvocation": {
            // A flag that is given several times is wrong once.
            for (const message of new Set(event.errors.map(messageOf))) printError(message)
            const command = event.commandPath.join(" ")
            process.stderr.write(`  mend: ${command === "" ? program : command} --help\n`)
          }
        }
      })
  }
}

/** How the user called the program, and the same command to be pasted into a shell again. */
import { basename, relative } from "node:path"

/** `bin/dermograph.mjs` gives its process this title. */
const isBin = (): boolean => process.title === "dermograph"

/** The name for usage and examples. */
export const programName = (): string => {
  const script = basename(process.argv[1] ?? "")
  return !isBin() && script.endsWith(".ts") ? `npx tsx ${script}` : "dermograph"
}

const plain = /^[\w@%+=:,./-]+$/u

/** A word of a POSIX shell. */
export const quoted = (word: string): string => (plain.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

/** The program, from the folder that one is in. */
const programHere = (): string => {
  if (isBin()) return process.env.npm_command === "exec" ? "npx dermograph" : "dermograph"
  return `npx tsx ${quoted(relative(process.cwd(), process.argv[1] ?? ""))}`
}

/** The whole command as it was given, from the folder that one is in. */
export const wholeCommand = (): string => [programHere(), ...process.argv.slice(2).map(quoted)].join(" ")

/** The flags that choose a pipeline, its settings and its store: another command needs them to speak of the same nodes. */
const choosing = ["--pipeline", "-p", "--set", "--config", "--store"]

/** Those of the arguments that choose, with their values, in the order given. */
export const choiceAmong = (args: ReadonlyArray<string>): ReadonlyArray<string> =>
  args.flatMap((word, at) => {
    if (choosing.includes(args[at - 1] ?? "")) return []
    if (choosing.includes(word)) return args.slice(at, at + 2)
    return choosing.some((flag) => word.startsWith(`${flag}=`)) ? [word] : []
  })

/** Another command on the same pipeline with the same settings and store, to be pasted into a shell. */
export const commandHere = (words: string): string =>
  [programHere(), words, ...choiceAmong(process.argv.slice(2)).map(quoted)].join(" ")

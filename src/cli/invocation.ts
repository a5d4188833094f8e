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

/** The whole command as it was given, from the folder that one is in. */
export const wholeCommand = (): string => {
  const [, script = "", ...args] = process.argv
  const program = isBin()
    ? process.env.npm_command === "exec"
      ? "npx dermograph"
      : "dermograph"
    : `npx tsx ${quoted(relative(process.cwd(), script))}`
  return [program, ...args.map(quoted)].join(" ")
}

/** Standard output and standard error: what goes where, with colours only where someone sees them. */
import { styleText } from "node:util"

type Format = Parameters<typeof styleText>[0]

/** Styles text for standard output; plain without a terminal or with NO_COLOR. */
export const style = (format: Format, text: string): string => styleText(format, text, { stream: process.stdout })

const styleError = (format: Format, text: string): string => styleText(format, text, { stream: process.stderr })

let closed = false

/** A reader that goes away (`| head`) is no error: what else is written is dropped. */
export const guardPipes = (): void => {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error
      if (stream === process.stdout) closed = true
    })
  }
}

export const write = (text: string): void => {
  if (!closed) process.stdout.write(text)
}

export const print = (line: string): void => write(`${line}\n`)

export const printJson = (value: unknown): void => print(JSON.stringify(value))

let held: Array<string> | undefined

const writeError = (text: string): void => {
  if (held === undefined) process.stderr.write(text)
  else held.push(text)
}

/** Keeps what is said on standard error until the function that it gives is called: a live view would draw over it. */
export const holdErrors = (): (() => void) => {
  held ??= []
  return () => {
    const waiting = held ?? []
    held = undefined
    for (const text of waiting) writeError(text)
  }
}

/** "error: place: fault", then the mend, on standard error. */
export const printError = (message: string): void => {
  const [first = "", ...rest] = message.split("\n")
  const lines = rest.map((line) => (/^\s*mend: /u.test(line) ? styleError("cyan", line) : line))
  writeError(`${styleError(["red", "bold"], "error:")} ${[first, ...lines].join("\n")}\n`)
}

export const printWarning = (message: string): void => {
  writeError(`${styleError("yellow", "warning:")} ${message}\n`)
}

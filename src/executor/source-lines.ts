/** Where in a stage's own files an error arose: its bundle is one long line. */
import { readFileSync } from "node:fs"
import { SourceMap } from "node:module"
import { pathToFileURL } from "node:url"

/** Frames told, at most: the place, and how it came there. */
const told = 3

/**
 * The frames of `stack` that lie in the bundle, as "stages/augment.ts:31", innermost first. Empty where none does, or where no map lies beside the bundle.
 */
export const sourceLines = (stack: string, bundle: string): ReadonlyArray<string> => {
  const map = readMap(bundle)
  if (map === undefined) return []
  const own = [pathToFileURL(bundle).href, bundle]
  const places = stack.split("\n").flatMap((frame) => {
    const [, file = "", line, column] = /([^\s(]+):(\d+):(\d+)\)?$/u.exec(frame) ?? []
    if (!own.includes(file)) return []
    const origin = map.findOrigin(Number(line), Number(column))
    return "fileName" in origin ? [`${origin.fileName}:${origin.lineNumber}`] : []
  })
  return [...new Set(places)].slice(0, told)
}

const readMap = (bundle: string): SourceMap | undefined => {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, "utf8")))
  } catch {
    return undefined
  }
}

/** What is said at once when a run is asked to end (Ctrl-C): what it still waits for. */
import type { RunView } from "./state.ts"

/** So many stages are named. */
const namesShown = 3

export const endingLine = (view: RunView): string => {
  const running = view.nodes.filter(({ status }) => status === "running")
  const again = "^C again ends it at once"
  const [first] = running
  if (first === undefined) return `ending; ${again}`
  const names = running.slice(0, namesShown).map(({ name }) => name)
  const more = running.length - names.length
  const all = more > 0 ? `${names.join(", ")} and ${more} more` : names.join(" and ")
  const unit = running.length === 1 ? first.progress?.unit.replace(/s$/u, "") : undefined
  const verbs = running.length === 1 ? ["finishes", "keeps", "it has"] : ["finish", "keep", "they have"]
  const work = unit === undefined ? "what is begun" : `its ${unit}`
  return `ending: ${all} ${verbs[0]} ${work} and ${verbs[1]} what ${verbs[2]}, within 20 s; ${again}`
}

const signals = ["SIGINT", "SIGTERM"] as const

/** Calls `tell` when the program is asked to end, once; the function that it gives stops that. */
export const onEnding = (tell: () => void): (() => void) => {
  const stop = () => {
    for (const signal of signals) process.removeListener(signal, told)
  }
  const told = () => {
    stop()
    tell()
  }
  for (const signal of signals) process.on(signal, told)
  return stop
}

/** Says on standard error that the run is being ended. */
export const tellEnding = (view: () => RunView): (() => void) =>
  onEnding(() => process.stderr.write(`${endingLine(view())}\n`))

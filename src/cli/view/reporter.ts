/** Where the events of a run are shown: a live view, plain lines, or JSON lines. */
import type { Event } from "../../dag/events.ts"
import type { AnyNode } from "../../dag/stage.ts"
import { makeLeft, type Work } from "../estimate/left.ts"
import { glyphsFor } from "../text/glyphs.ts"
import { holdErrors, write } from "../text/terminal.ts"
import { onEnding, tellEnding } from "./ending.ts"
import { renderLive, type Size } from "./live.ts"
import { memoryInUse } from "./memory.ts"
import { makePlain, undeclaredLines } from "./plain.ts"
import { makeScreen } from "./screen.ts"
import { advance, type Inputs, initialView, type RunView } from "./state.ts"

export interface Reporter {
  readonly emit: (event: Event) => void
  readonly view: () => RunView
  /** Ends the drawing; the terminal is as it was. */
  readonly close: () => void
}

/** Frames a second at most. */
const framesPerSecond = 8

/** A run that is over sooner shows its end only: no screen flashes up. Milliseconds. */
const unseen = 400

const terminalSize = (): Size => ({ columns: process.stdout.columns ?? 80, rows: process.stdout.rows ?? 24 })

const keepView = (pipeline: string, nodes: ReadonlyArray<string>, inputs?: Inputs) => {
  let view = initialView(pipeline, nodes, Date.now(), inputs)
  const add = (event: Event) => {
    view = advance(view, event, Date.now())
  }
  return { view: () => view, add }
}

/** Milliseconds between two looks at the memory. */
const memoryEvery = 1000

/** Looks seldom, and not at all where a frame follows another at once. */
const makeMemory = () => {
  let at = 0
  let known = 0
  return (now: number): number => {
    if (now - at >= memoryEvery) {
      at = now
      known = memoryInUse()
    }
    return known
  }
}

/** Node → the nodes that it takes. */
const inputsOf = (nodes: ReadonlyArray<AnyNode>): Inputs =>
  new Map(nodes.map(({ name, inputs }) => [name, [...new Set([...inputs.values()].map((input) => input.name))]]))

const namesOf = ({ nodes }: Pick<Work, "nodes">): ReadonlyArray<string> => nodes.map(({ name }) => name)

const withLeft = (left: string | undefined): Pick<RunView, "left"> => (left === undefined ? {} : { left })

export const liveReporter = (pipeline: string, work: Work): Reporter => {
  const { view, add } = keepView(pipeline, namesOf(work), inputsOf(work.nodes))
  const left = makeLeft(work)
  const memory = makeMemory()
  const glyphs = glyphsFor(process.env, process.platform)
  const screen = makeScreen(write)
  const release = holdErrors()
  const since = Date.now()
  let ending = false
  const draw = () => {
    const now = Date.now()
    if (now - since < unseen && !ending) return
    const shown = { ...view(), memory: memory(now), ending, ...withLeft(left(view(), now)) }
    screen.draw(renderLive(shown, terminalSize(), now, glyphs))
  }
  // One frame each tick, whether or not something happened: the clock goes on.
  const timer = setInterval(draw, 1000 / framesPerSecond)
  const ignoreSignals = onEnding(() => {
    ending = true
    draw()
  })
  let closed = false
  const close = () => {
    if (closed) return
    closed = true
    clearInterval(timer)
    ignoreSignals()
    process.removeListener("exit", close)
    process.stdout.removeListener("resize", draw)
    screen.close()
    release()
    for (const { name, undeclared = [] } of view().nodes) {
      for (const line of undeclaredLines(name, undeclared)) process.stderr.write(`${line}\n`)
    }
  }
  // Whatever ends the program, the cursor comes back.
  process.once("exit", close)
  process.stdout.on("resize", draw)
  return { emit: add, view, close }
}

/** How long a line may wait for others to go out with it, in milliseconds. */
const batch = 20

/** Lines that come close together go out together: a write for each of ten thousand hits takes longer than the hits. */
const batched = () => {
  let waiting: Array<string> = []
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (waiting.length > 0) write(`${waiting.join("\n")}\n`)
    waiting = []
  }
  process.once("exit", flush)
  const out = (line: string) => {
    waiting.push(line)
    timer ??= setTimeout(flush, batch)
  }
  const close = () => {
    flush()
    process.removeListener("exit", flush)
  }
  return { out, close }
}

export const plainReporter = (pipeline: string, work: Work): Reporter => {
  const { view, add } = keepView(pipeline, namesOf(work))
  const left = makeLeft(work)
  const tell = makePlain()
  const { out, close: flush } = batched()
  const ignoreSignals = tellEnding(view)
  const emit = (event: Event) => {
    add(event)
    const now = Date.now()
    for (const line of tell({ ...view(), ...withLeft(left(view(), now)) }, event, now)) out(line)
  }
  const close = () => {
    ignoreSignals()
    flush()
  }
  return { emit, view, close }
}

/** One event a line. */
export const jsonReporter = (pipeline: string, work: Pick<Work, "nodes">): Reporter => {
  const { view, add } = keepView(pipeline, namesOf(work))
  const { out, close: flush } = batched()
  const ignoreSignals = tellEnding(view)
  const emit = (event: Event) => {
    add(event)
    out(JSON.stringify(event))
  }
  const close = () => {
    ignoreSignals()
    flush()
  }
  return { emit, view, close }
}

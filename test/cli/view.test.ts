import { stripVTControlCharacters } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import { failureMessages } from "../../src/cli/failures.ts"
import { choiceAmong } from "../../src/cli/invocation.ts"
import { ascii } from "../../src/cli/text/glyphs.ts"
import { pad, truncate, widthOf } from "../../src/cli/text/width.ts"
import { bar, sparkline } from "../../src/cli/view/bar.ts"
import { renderLive } from "../../src/cli/view/live.ts"
import { makePlain } from "../../src/cli/view/plain.ts"
import { makeScreen } from "../../src/cli/view/screen.ts"
import { advance, initialView, paceOf, type RunView } from "../../src/cli/view/state.ts"
import { renderSummary } from "../../src/cli/view/summary.ts"
import type { Event } from "../../src/dag/events.ts"

const output = { artifact: "A", digest: "0".repeat(64), size: 1 }
const names = ["ingest", "split", "resize", "fine-tune:real", "fine-tune:gan", "evaluate:real"]

const progress = (node: string, completed: number, metrics?: Record<string, number>): Event => ({
  _tag: "NodeProgress",
  node,
  progress: { completed, total: 10, unit: "epochs", ...(metrics === undefined ? {} : { metrics }) }
})

/** [milliseconds, event] */
const story: ReadonlyArray<readonly [number, Event]> = [
  [0, { _tag: "RunStarted", run: "r1", pipeline: "demo", nodes: names }],
  [10, { _tag: "NodeHit", node: "ingest", key: "k", output, seconds: 2 }],
  [20, { _tag: "NodeHit", node: "split", key: "k", output, seconds: 2 }],
  [30, { _tag: "NodeStarted", node: "resize", key: "k", reasons: [{ _tag: "FirstRun" }] }],
  [1030, { _tag: "NodeFinished", node: "resize", output, seconds: 1 }],
  [1030, { _tag: "NodeStarted", node: "fine-tune:real", key: "k", reasons: [{ _tag: "FirstRun" }] }],
  [1030, { _tag: "NodeWaiting", node: "fine-tune:gan", key: "k", owner: { run: "r0", host: "gpu1", pid: 7 } }],
  [2030, progress("fine-tune:real", 1, { loss: 0.7, auc: 0.5 })],
  [3030, progress("fine-tune:real", 2, { loss: 0.5, auc: 0.75 })],
  [4030, progress("fine-tune:real", 3, { loss: 0.4, auc: 0.8 })]
]

const inputs = new Map([
  ["split", ["ingest"]],
  ["resize", ["ingest", "split"]],
  ["fine-tune:real", ["resize", "split"]],
  ["fine-tune:gan", ["resize"]],
  ["evaluate:real", ["fine-tune:real", "fine-tune:gan"]]
])

const told = (until = story.length): RunView =>
  story.slice(0, until).reduce((view, [at, event]) => advance(view, event, at), initialView("demo", names, 0, inputs))

const live = (columns: number, rows: number, now = 5030) =>
  renderLive(told(), { columns, rows }, now).map(stripVTControlCharacters)

describe("the live view", () => {
  it("at 80 columns", () => {
    expect(live(80, 24).join("\n")).toMatchInlineSnapshot(`
      "demo  3 of 6 stages  0:05
        ✓ ingest                 reused
        └ ✓ split                reused
          └ ✓ resize             1.00 s
            ├ ▶ fine-tune:real   ████▌░░░░░░░░░░  3/10 epochs  1.0/s  0:04  0:06 left
            │ │                  loss 0.4 █▃▁   auc 0.8 ▁▇█
            │ └ · evaluate:real  after fine-tune:real
            └ · fine-tune:gan    waits for run r0 (gpu1, process 7)"
    `)
  })

  it("at 200 columns", () => {
    expect(live(200, 24).join("\n")).toMatchInlineSnapshot(`
      "demo  3 of 6 stages  0:05
        ✓ ingest                 reused
        └ ✓ split                reused
          └ ✓ resize             1.00 s
            ├ ▶ fine-tune:real   █████████░░░░░░░░░░░░░░░░░░░░░  3/10 epochs  1.0/s  0:04  0:06 left
            │ │                  loss 0.4 █▃▁   auc 0.8 ▁▇█
            │ └ · evaluate:real  after fine-tune:real
            └ · fine-tune:gan    waits for run r0 (gpu1, process 7)"
    `)
  })

  it("says of equal work in one run that it is this run's own", () => {
    const own: Event = { _tag: "NodeWaiting", node: "evaluate:real", key: "k", owner: { run: "r1", host: "h", pid: 1 } }
    const { nodes } = advance(told(), own, 5000)
    expect(nodes.at(-1)?.awaits).toBe("a stage of this run that does the very same work")
  })

  it("says what a waiting stage waits for, and how much memory the run holds", () => {
    const at = (until: number) => {
      const view = story
        .slice(0, until)
        .reduce((view, [at, event]) => advance(view, event, at), initialView("demo", names, 0, inputs))
      return renderLive({ ...view, memory: 1.5e9 }, { columns: 80, rows: 24 }, 40).map(stripVTControlCharacters)
    }
    expect(at(4)[0]).toBe("demo  2 of 6 stages  0:00  1.5 GB")
    expect(at(4).slice(4)).toEqual([
      "      ├ · fine-tune:real   after resize",
      "      │ └ · evaluate:real  after fine-tune:real and 1 more",
      "      └ · fine-tune:gan    after resize"
    ])
    expect(at(5)[4]).toBe("      ├ · fine-tune:real   waits for its turn")
    expect(at(5)[6]).toBe("      └ · fine-tune:gan    waits for its turn")
  })

  it("says how long it may take in the first line where there is room, else in a line of its own", () => {
    const left = "4 × fine-tune, up to 12 epochs each, to come"
    const at = (columns: number) =>
      renderLive({ ...told(), left }, { columns, rows: 24 }, 5030).map(stripVTControlCharacters)
    expect(at(80)[0]).toBe(`demo  3 of 6 stages  0:05  ${left}`)
    expect(at(60).slice(0, 2)).toEqual(["demo  3 of 6 stages  0:05", left])
    expect(at(60)).toHaveLength(at(80).length + 1)
  })

  it("says at once that it is being ended, and what it waits for", () => {
    const view = { ...told(), ending: true }
    const lines = renderLive(view, { columns: 80, rows: 24 }, 5030).map(stripVTControlCharacters)
    expect(lines.slice(1, 3)).toEqual([
      "ending: fine-tune:real finishes its epoch and keeps what it has, within 20 s;",
      "^C again ends it at once"
    ])
    expect(renderLive(view, { columns: 40, rows: 5 }, 5030)).toHaveLength(4)
  })

  it("on a small terminal folds what needs no look", () => {
    expect(live(44, 7).join("\n")).toMatchInlineSnapshot(`
      "demo  3 of 6 stages  0:05
        ▶ fine-tune:real   3/10 epochs  0:06 left
        │                  loss 0.4   auc 0.8
        └ · evaluate:real  after fine-tune:real
        · fine-tune:gan    waits for run r0 (gpu…
        … not shown: 2 reused, 1 done"
    `)
  })

  it("never is wider or higher than the terminal", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 11, max: 240 }),
        fc.integer({ min: 3, max: 60 }),
        fc.integer({ min: 0, max: story.length }),
        fc.integer({ min: 0, max: 10_000_000 }),
        (columns, rows, until, now) => {
          const lines = renderLive(told(until), { columns, rows }, now)
          expect(lines.length).toBeLessThan(rows)
          for (const line of lines) expect(widthOf(line)).toBeLessThan(columns)
        }
      )
    )
  })
})

describe("the results of rounds", () => {
  const round = (at: number, completed: number, loss: number): readonly [number, Event] => {
    const results = { train: { loss, AUC: 1 - loss / 2 }, validation: { loss: loss + 0.1, AUC: 0.9 - loss / 2 } }
    const progress = { completed, total: 10, unit: "epochs", metrics: { epoch: completed, loss }, results }
    return [at, { _tag: "NodeProgress", node: "fine-tune:real", progress }]
  }
  const rounds: ReadonlyArray<readonly [number, Event]> = [
    ...story.slice(0, 7),
    round(2030, 1, 0.75),
    [2530, progress("fine-tune:real", 2, { epoch: 2, loss: 0.625 })],
    round(3030, 2, 0.5),
    round(4030, 3, 0.4),
    // A report between two rounds keeps what the last one ended with.
    [4530, progress("fine-tune:real", 4, { epoch: 4, loss: 0.45 })]
  ]
  const view = rounds.reduce((view, [at, event]) => advance(view, event, at), initialView("demo", names, 0, inputs))
  const shown = (columns: number, rows: number) =>
    renderLive(view, { columns, rows }, 5030).map(stripVTControlCharacters).join("\n")

  it("stand below the stage, a line for each group, with a value of the trend for each round", () => {
    expect(shown(80, 24)).toMatchInlineSnapshot(`
      "demo  3 of 6 stages  0:05
        ✓ ingest                 reused
        └ ✓ split                reused
          └ ✓ resize             1.00 s
            ├ ▶ fine-tune:real   ██████░░░░░░░░░  4/10 epochs  1.2/s  0:04  0:05 left
            │ │                  epoch 4   loss 0.45 █▃▁▂
            │ │                  train       loss 0.4 █▃▁   AUC 0.8 ▁▆█
            │ │                  validation  loss 0.5 █▃▁   AUC 0.7 ▁▆█
            │ └ · evaluate:real  after fine-tune:real
            └ · fine-tune:gan    waits for run r0 (gpu1, process 7)"
    `)
  })

  it("stand further left where they do not fit beside the names", () => {
    const lines = shown(48, 24).split("\n")
    expect(lines.slice(4, 8)).toEqual([
      "      ├ ▶ fine-tune:real   ███▋░░░░░  0:05 left",
      "      │ │ epoch 4   loss 0.45 █▃▁▂",
      "      │ │ train       loss 0.4   AUC 0.8",
      "      │ │ validation  loss 0.5   AUC 0.7"
    ])
  })

  it("give way, all but the first line, where the terminal is too low", () => {
    expect(shown(80, 6)).toMatchInlineSnapshot(`
      "demo  3 of 6 stages  0:05
        ▶ fine-tune:real  ████████▊░░░░░░░░░░░░░  4/10 epochs  1.2/s  0:04  0:05 left
                          epoch 4   loss 0.45 █▃▁▂
        · fine-tune:gan   waits for run r0 (gpu1, process 7)
        … not shown: 2 reused, 1 done, 1 waiting"
    `)
    for (const rows of [3, 4, 5, 6, 8, 9, 10]) expect(shown(60, rows).split("\n").length).toBeLessThan(rows)
  })

  it("are told in plain lines as sparingly as progress, which does not keep them from being told", () => {
    const tell = makePlain()
    let view = initialView("demo", names, 0)
    const lines: Array<string> = []
    const tenths = [3, 3.5, 4, 4.5].map((completed, at) => round(4100 + at, completed, 0.4))
    for (const [at, event] of [...rounds.slice(6, 11), ...tenths]) {
      view = advance(view, event, at)
      lines.push(...tell(view, event, at))
    }
    expect(lines.join("\n")).toMatchInlineSnapshot(`
      "fine-tune:gan: waits for run r0 (gpu1, process 7)
      fine-tune:real: 10 %, 1/10 epochs, epoch 1, loss 0.75; train: loss 0.75, AUC 0.625; validation: loss 0.85, AUC 0.525
      fine-tune:real: 20 %, 2/10 epochs, 2.0/s, 0:04 left, epoch 2, loss 0.625
      fine-tune:real: 20 %, 2/10 epochs, 1.0/s, 0:08 left, epoch 2, loss 0.5; train: loss 0.5, AUC 0.75; validation: loss 0.6, AUC 0.65
      fine-tune:real: 30 %, 3/10 epochs, 1.0/s, 0:07 left, epoch 3, loss 0.4; train: loss 0.4, AUC 0.8; validation: loss 0.5, AUC 0.7
      fine-tune:real: 40 %, 4/10 epochs, 1.4/s, 0:04 left, epoch 4, loss 0.4; train: loss 0.4, AUC 0.8; validation: loss 0.5, AUC 0.7"
    `)
  })
})

describe("pace", () => {
  it("is taken from the reports, and counts down between them", () => {
    const node = told().nodes[3]!
    expect(paceOf(node, 4030)).toEqual({ rate: 1, left: 7 })
    expect(paceOf(node, 6030)).toEqual({ rate: 1, left: 5 })
  })

  it("begins anew with another unit", () => {
    const other: Event = {
      _tag: "NodeProgress",
      node: "fine-tune:real",
      progress: { completed: 1, total: 2, unit: "images" }
    }
    expect(paceOf(advance(told(), other, 5030).nodes[3]!, 5030)).toBeUndefined()
  })

  it("of a resumed run counts only what this run did", () => {
    let view = initialView("p", ["a"], 0)
    for (const [at, completed] of [
      [0, 8],
      [1000, 9]
    ] as const)
      view = advance(view, progress("a", completed), at)
    expect(paceOf(view.nodes[0]!, 1000)).toEqual({ rate: 1, left: 1 })
  })
})

describe("plain lines", () => {
  it("tell the story sparingly", () => {
    const tell = makePlain()
    let view = initialView("demo", names, 0)
    const lines: Array<string> = []
    const all: ReadonlyArray<readonly [number, Event]> = [
      ...story,
      ...Array.from({ length: 300 }, (_, at) => [4100 + at * 10, progress("fine-tune:real", 3 + at / 1000)] as const),
      [20_000, { _tag: "NodeFailed", node: "fine-tune:real", error: "it failed" }],
      [20_000, { _tag: "NodeBlocked", node: "evaluate:real", below: ["fine-tune:real"] }]
    ]
    for (const [at, event] of all) {
      view = advance(view, event, at)
      lines.push(...tell(view, event, at))
    }
    expect(lines.join("\n")).toMatchInlineSnapshot(`
      "demo: 6 stages, run r1
      ingest: reused
      split: reused
      resize: started (it has not run before)
      resize: done in 1.00 s
      fine-tune:real: started (it has not run before)
      fine-tune:gan: waits for run r0 (gpu1, process 7)
      fine-tune:real: 10 %, 1/10 epochs, loss 0.7, auc 0.5
      fine-tune:real: 20 %, 2/10 epochs, 1.0/s, 0:08 left, loss 0.5, auc 0.75
      fine-tune:real: 30 %, 3/10 epochs, 1.0/s, 0:07 left, loss 0.4, auc 0.8
      fine-tune:real: failed
      evaluate:real: not run (needs fine-tune:real)"
    `)
  })
})

describe("plain lines of what is left of a run", () => {
  it("come when work begins, when the time is known, and then once a minute", () => {
    const tell = makePlain()
    const started: Event = { _tag: "NodeStarted", node: "resize", key: "k", reasons: [] }
    const at = (now: number, left: string, event: Event = progress("resize", 1)) =>
      tell({ ...initialView("demo", names, 0), left }, event, now).filter((line) => line.startsWith("demo: "))
    expect(at(0, "2 × train, to come", started)).toEqual(["demo: 2 × train, to come"])
    expect(at(1000, "2 × train, to come")).toEqual([])
    expect(at(2000, "about 9:00 left")).toEqual(["demo: about 9:00 left"])
    expect(at(3000, "about 8:50 left")).toEqual([])
    expect(at(62_000, "about 8:00 left")).toEqual(["demo: about 8:00 left"])
  })
})

describe("plain lines are brief:", () => {
  const tell = (event: Event) => makePlain((words) => `dermograph ${words}`)(told(), event, 0)
  const reason = (at: number, to: string) => ({ _tag: "ParamChanged", path: `p${at}`, from: 0, to }) as const

  it("of many causes the first three, and where to read the others", () => {
    const reasons = Array.from({ length: 43 }, (_, at) => reason(at, "1"))
    expect(tell({ _tag: "NodeStarted", node: "split", key: "k", reasons })).toEqual([
      "split: started (p0: 0 → 1; p1: 0 → 1; p2: 0 → 1; and 40 more: dermograph explain split --against previous)"
    ])
    const below = Array.from({ length: 5 }, (_, at) => `fine-tune:real:${at}`)
    expect(tell({ _tag: "NodeBlocked", node: "compare", below })).toEqual([
      "compare: not run (needs fine-tune:real:0, fine-tune:real:1, fine-tune:real:2, and 2 more: dermograph explain compare)"
    ])
  })

  it("a long cause is cut", () => {
    const [line = ""] = tell({ _tag: "NodeStarted", node: "split", key: "k", reasons: [reason(0, "x".repeat(2000))] })
    expect(line).toMatch(/^split: started \(p0: 0 → x{91}…; in full: dermograph explain split --against previous\)$/u)
  })
})

describe("failures", () => {
  it("of one reason are told together, and the reason once", () => {
    const full = "the disk is full\n  mend: make room"
    const nodes = ["a", "b", "c", "d", "e"].map((node) => ({ node, message: `${node} failed: ${full}` }))
    expect(failureMessages(nodes.slice(0, 1))).toEqual([`a failed: ${full}`])
    expect(failureMessages(nodes.slice(0, 2))).toEqual([`a, b failed: ${full}`])
    expect(failureMessages([...nodes, { node: "f", message: "f failed: it burnt" }])).toEqual([
      `a, b, c and 2 more failed: ${full}`,
      "f failed: it burnt"
    ])
    const store = { message: "the store is gone" }
    expect(
      failureMessages([
        { node: "a", ...store },
        { node: "b", ...store }
      ])
    ).toEqual(["the store is gone"])
  })
})

describe("the screen", () => {
  it("is another one than the user's, which comes back with the cursor", () => {
    const written: Array<string> = []
    const screen = makeScreen((text) => void written.push(text))
    screen.close()
    expect(written).toEqual([])
    screen.draw(["a", "b"])
    expect(written[0]?.startsWith("\u001B[?1049h\u001B[?25l")).toBe(true)
    screen.draw(["c"])
    screen.close()
    screen.close()
    // From the top left, and nothing of the longer frame below.
    expect(written.slice(1)).toEqual([
      "\u001B[?2026h\u001B[Hc\u001B[K\r\n\u001B[J\u001B[?2026l",
      "\u001B[?25h\u001B[?1049l"
    ])
  })
})

describe("the summary", () => {
  const base = {
    pipeline: "demo",
    run: "r1",
    blocked: [],
    failed: [],
    verdict: null,
    remarks: [],
    report: null,
    reportOf: null,
    timeline: null,
    criticalPath: [],
    saved: 0
  }

  it("of a run", () => {
    const lines = renderSummary(
      {
        ...base,
        executed: [
          ["fine-tune:real", 81.2],
          ["evaluate:real", 1.25]
        ],
        hits: ["ingest", "split"],
        seconds: 83,
        saved: 12.5,
        verdict: "The GAN's images helped: AUC 0.912 instead of 0.891 (difference 0.021, 95 % CI 0.004 to 0.038).",
        report: "/tmp/a b/report.html"
      },
      60
    )
    expect(stripVTControlCharacters(lines.join("\n"))).toMatchInlineSnapshot(`
      "ran       fine-tune:real  1 min 21 s
                evaluate:real   1.25 s
      reused    2 stages, which took 12.5 s
      done      4 stages in 1 min 23 s

      The GAN's images helped: AUC 0.912 instead of 0.891
      (difference 0.021, 95 % CI 0.004 to 0.038).

      report    file:///tmp/a%20b/report.html"
    `)
  })

  it("has what must be seen beside the verdict below it", () => {
    const run = { ...base, executed: [], hits: ["a"], seconds: 1, verdict: "They helped.", report: "/r.html" }
    const lines = renderSummary({ ...run, remarks: ["LET THROUGH: 2 images.", "Odd."] }, 80)
    expect(stripVTControlCharacters(lines.slice(1).join("\n"))).toBe(
      "\nThey helped.\n\nLET THROUGH: 2 images.\n\nOdd.\n\nreport    file:///r.html"
    )
  })

  it("of a run that had nothing to do", () => {
    const lines = renderSummary({ ...base, executed: [], hits: ["a", "b"], seconds: 0.214 }, 80)
    expect(lines).toEqual(["Nothing to do: all 2 stages are up to date (0.21 s)"])
  })

  it("of a run that failed", () => {
    const lines = renderSummary({ ...base, executed: [], hits: ["a"], failed: ["b"], blocked: ["c"], seconds: 2 }, 80)
    expect(stripVTControlCharacters(lines.join("\n"))).toMatchInlineSnapshot(`
      "reused    1 stage
      failed    b
      not run   c
      ended     1 stage failed, after 2.00 s"
    `)
  })
})

describe("text in columns", () => {
  const text = fc.oneof(fc.string({ unit: "grapheme", maxLength: 20 }), fc.constant("\u001B[32mgrün 日本\u001B[0m"))

  it("truncate keeps within the columns, and keeps what fits", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 30 }), (value, columns) => {
        const cut = truncate(value, columns)
        expect(widthOf(cut)).toBeLessThanOrEqual(columns)
        if (widthOf(value) <= columns) expect(cut).toBe(value)
      })
    )
  })

  it("pad fills up to the columns", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 30 }), (value, columns) => {
        expect(widthOf(pad(value, columns))).toBe(Math.max(columns, widthOf(value)))
      })
    )
  })

  it("a bar is exactly as wide as asked, fuller with more", () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 2, noNaN: true }), fc.integer({ min: 1, max: 60 }), (part, columns) => {
        expect([...bar(part, columns)]).toHaveLength(columns)
      })
    )
    expect(bar(0, 4)).toBe("░░░░")
    expect(bar(0.5, 4)).toBe("██░░")
    expect(bar(1, 4)).toBe("████")
    expect(bar(0.6, 4, ascii)).toBe("##--")
  })

  it("a sparkline goes from the least to the greatest", () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 20)).toBe("▁▂▃▄▅▆▇█")
    expect(sparkline([5, 5, 5], 20)).toBe("▄▄▄")
    expect(sparkline([1], 20)).toBe("")
    expect(sparkline([0, 3, 6], 20, ascii)).toBe("_=#")
  })
})

it("a command to paste keeps the choice of pipeline, settings and store, and nothing else", () => {
  const args = "run --set a.b=1 -j 2 --set=c=2 -p demo --config my.json --only x --store=/s --json".split(" ")
  expect(choiceAmong(args).join(" ")).toBe("--set a.b=1 --set=c=2 -p demo --config my.json --store=/s")
  expect(choiceAmong(["run", "--set", "--store"])).toEqual(["--set", "--store"])
})

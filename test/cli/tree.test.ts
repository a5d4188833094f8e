import { stripVTControlCharacters } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import { ascii, glyphsFor, unicode } from "../../src/cli/text/glyphs.ts"
import { widthOf } from "../../src/cli/text/width.ts"
import { renderLive } from "../../src/cli/view/live.ts"
import { initialView, type RunView, type Status } from "../../src/cli/view/state.ts"
import { branchesOf, treeOf } from "../../src/cli/view/tree.ts"

type Dag = ReadonlyArray<readonly [name: string, inputs: ReadonlyArray<string>]>

const namesOf = (dag: Dag) => dag.map(([name]) => name)

const drawn = (dag: Dag, step: 1 | 2 = 2, glyphs = unicode) =>
  branchesOf(treeOf(namesOf(dag), new Map(dag)), new Set(dag.keys()), step, glyphs).map(
    ({ at, guide }) => guide + dag[at]![0]
  )

/** Two arms of two seeds, and a verdict over them. */
const comparison: Dag = [
  ["ingest", []],
  ["gan", []],
  ["split", ["ingest"]],
  ...["real", "both"].flatMap(
    (arm): Dag => [
      [`pack:${arm}`, ["split", "ingest", "gan"]],
      ...[1, 2].flatMap(
        (seed): Dag => [
          [`train:${arm}:${seed}`, [`pack:${arm}`, "split"]],
          [`test:${arm}:${seed}`, [`train:${arm}:${seed}`, "split"]]
        ]
      )
    ]
  ),
  ["judge", ["test:real:1", "test:real:2", "gan"]],
  ["verdict", ["ingest", ...["real", "both"].flatMap((arm) => [1, 2].map((seed) => `test:${arm}:${seed}`))]]
]

/** Any DAG: a node takes some of those before it. */
const dags = fc
  .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 60 })
  .map((list): Dag => list.map((above, at) => [`n${at}`, at === 0 ? [] : above.map((input) => `n${input % at}`)]))

const statuses: ReadonlyArray<Status> = ["waiting", "hit", "running", "done", "failed", "blocked"]

const viewOf = (dag: Dag, statusOf: (at: number) => Status): RunView => {
  const view = initialView("demo", namesOf(dag), 0, new Map(dag))
  return { ...view, nodes: view.nodes.map((node, at) => ({ ...node, status: statusOf(at), startedAt: 0, seconds: 1 })) }
}

describe("the tree", () => {
  it("puts a node below the deepest of its inputs, and below none of several arms", () => {
    expect(drawn(comparison)).toEqual([
      "ingest",
      "└ split",
      "  ├ pack:real",
      "  │ ├ train:real:1",
      "  │ │ └ test:real:1",
      "  │ ├ train:real:2",
      "  │ │ └ test:real:2",
      "  │ └ judge",
      "  ├ pack:both",
      "  │ ├ train:both:1",
      "  │ │ └ test:both:1",
      "  │ └ train:both:2",
      "  │   └ test:both:2",
      "  └ verdict",
      "gan"
    ])
  })

  it("puts a node below that input which has its label, where others are as deep", () => {
    const checked: Dag = [
      ["split", []],
      ["audit", ["split"]],
      ["pack:a", ["split"]],
      ["pack:b", ["split"]],
      ["train:a", ["audit", "pack:a"]],
      ["train:b", ["pack:b", "audit"]]
    ]
    expect(drawn(checked)).toEqual(["split", "├ audit", "├ pack:a", "│ └ train:a", "└ pack:b", "  └ train:b"])
  })

  it("is narrower, and of ASCII, where that is asked for", () => {
    expect(drawn(comparison, 1, ascii).slice(0, 6)).toEqual([
      "ingest",
      "`split",
      " |pack:real",
      " ||train:real:1",
      " ||`test:real:1",
      " ||train:real:2"
    ])
  })

  it("has every node once, after its parent, which is above it in the DAG", () => {
    fc.assert(
      fc.property(dags, (dag) => {
        const { parents, order } = treeOf(namesOf(dag), new Map(dag))
        expect([...order].sort((a, b) => a - b)).toEqual([...dag.keys()])
        const above = (at: number): Set<number> =>
          new Set(dag[at]![1].flatMap((input) => [Number(input.slice(1)), ...above(Number(input.slice(1)))]))
        for (const [place, at] of order.entries()) {
          const parent = parents[at]!
          if (parent >= 0) expect(order.slice(0, place)).toContain(parent)
          if (parent >= 0 && dag.length < 20) expect([...above(at)]).toContain(parent)
        }
      })
    )
  })

  it("joins what is left of it where nodes are left out", () => {
    const tree = treeOf(namesOf(comparison), new Map(comparison))
    const kept = new Set([0, 4, 5, 12])
    const lines = branchesOf(tree, kept, 2, unicode).map(({ at, guide }) => guide + comparison[at]![0])
    expect(lines).toEqual(["ingest", "├ train:real:1", "│ └ test:real:1", "└ test:both:2"])
  })
})

describe("the live view of a large DAG", () => {
  const arms = ["real", "real-oversampled", "real+synthetic"]
  const large: Dag = [
    ["ingest", []],
    ["split", ["ingest"]],
    ...arms.flatMap(
      (arm): Dag => [
        [`balance:${arm}`, ["split"]],
        [`augment:${arm}`, [`balance:${arm}`]],
        [`resize:${arm}`, [`augment:${arm}`]],
        ...[1, 2, 3, 4].flatMap(
          (seed): Dag => [
            [`fine-tune:${arm}:${seed}`, [`resize:${arm}`]],
            [`evaluate:${arm}:${seed}`, [`fine-tune:${arm}:${seed}`]]
          ]
        )
      ]
    ),
    ["compare", arms.flatMap((arm) => [1, 2, 3, 4].map((seed) => `evaluate:${arm}:${seed}`))]
  ]

  it("leaves out of 36 nodes what needs no look, on 24 lines", () => {
    const view = viewOf(large, (at) => (at < 5 ? "hit" : at < 15 ? "done" : at === 15 ? "running" : "waiting"))
    const lines = renderLive(view, { columns: 80, rows: 24 }, 61_000).map(stripVTControlCharacters)
    expect(lines).toHaveLength(23)
    expect(lines.at(-1)).toBe("  … not shown: 5 reused, 10 done")
    expect(lines.slice(0, 6).map((line) => line.trimEnd())).toEqual([
      "demo  15 of 36 stages  1:01",
      "  ▶ resize:real-oversampled            1:01",
      "  ├ · fine-tune:real-oversampled:1     after resize:real-oversampled",
      "  │ └ · evaluate:real-oversampled:1    after fine-tune:real-oversampled:1",
      "  ├ · fine-tune:real-oversampled:2     after resize:real-oversampled",
      "  │ └ · evaluate:real-oversampled:2    after fine-tune:real-oversampled:2"
    ])
  })

  it("never leaves out what works or failed while there is room for it", () => {
    fc.assert(
      fc.property(dags, fc.array(fc.constantFrom(...statuses), { minLength: 60, maxLength: 60 }), (dag, list) => {
        const view = viewOf(dag, (at) => list[at]!)
        const lines = renderLive(view, { columns: 400, rows: 24 }, 1000).map(stripVTControlCharacters)
        const must = view.nodes.filter(({ status }) => status === "running" || status === "failed")
        for (const { name } of must.length < 21 ? must : []) {
          expect(lines.some((line) => line.includes(` ${name} `))).toBe(true)
        }
        const counted = [...(lines.at(-1)?.matchAll(/(\d+) [a-z]/gu) ?? [])].reduce((sum, [, n]) => sum + Number(n), 0)
        if (lines.at(-1)?.includes("not shown")) expect(lines.length - 2 + counted).toBe(dag.length)
        else if (must.length < 21) expect(lines.length - 1).toBe(dag.length)
      })
    )
  })

  it("never is wider or higher than the terminal, and is ASCII where that is asked for", () => {
    fc.assert(
      fc.property(dags, fc.integer({ min: 11, max: 120 }), fc.integer({ min: 3, max: 60 }), (dag, columns, rows) => {
        const view = viewOf(dag, (at) => statuses[at % statuses.length]!)
        const lines = renderLive(view, { columns, rows }, 1000, ascii).map(stripVTControlCharacters)
        expect(lines.length).toBeLessThan(rows)
        for (const line of lines) expect(widthOf(line)).toBeLessThan(columns)
        expect(lines.join("")).toMatch(/^[\x20-\x7E]*$/u)
      })
    )
  })
})

describe("the characters", () => {
  it("are ASCII but for a locale of UTF-8", () => {
    expect(glyphsFor({ LANG: "de_DE.UTF-8" }, "linux")).toBe(unicode)
    expect(glyphsFor({ LANG: "C.utf8" }, "linux")).toBe(unicode)
    expect(glyphsFor({ LANG: "de_DE.UTF-8", LC_ALL: "C" }, "linux")).toBe(ascii)
    expect(glyphsFor({}, "linux")).toBe(ascii)
    expect(glyphsFor({}, "win32")).toBe(unicode)
  })
})

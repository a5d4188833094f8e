import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import { fates, globToTest, type Selectable, select } from "../../src/dag/select.ts"

/** ingest → split → train:a, train:b → judge; ingest → stray */
const nodes: ReadonlyArray<Selectable> = [
  { name: "ingest", inputs: [] },
  { name: "split", inputs: ["ingest"] },
  { name: "train:a", inputs: ["split"] },
  { name: "train:b", inputs: ["split"] },
  { name: "judge", inputs: ["train:a", "train:b"] },
  { name: "stray", inputs: ["ingest"] }
]

const names = (set: ReadonlySet<string>) => [...set]

describe("globs", () => {
  it("match whole names", () => {
    expect(globToTest("train")("train:a")).toBe(false)
    expect(globToTest("train*")("train:a")).toBe(true)
    expect(globToTest("train:?")("train:a")).toBe(true)
    expect(globToTest("{split,judge}")("judge")).toBe(true)
    expect(globToTest("*:{a,b}")("train:b")).toBe(true)
    expect(globToTest("a.c")("abc")).toBe(false)
  })

  it("a name without signs matches itself alone", () => {
    const name = fc.string().filter((text) => !/[*?{}]/u.test(text))
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(globToTest(a)(a)).toBe(true)
        expect(globToTest(a)(b)).toBe(a === b)
      })
    )
  })
})

describe("select", () => {
  it("selects all where nothing is said", () => {
    const { selected, leftOut, forced } = select(nodes, {})
    expect(names(selected)).toEqual(nodes.map(({ name }) => name))
    expect(leftOut).toEqual([])
    expect(names(forced)).toEqual([])
  })

  it.each([
    ["only", { only: ["train:*"] }, ["train:a", "train:b"]],
    ["from", { from: ["train:a"] }, ["train:a", "judge"]],
    ["until", { until: ["train:a"] }, ["ingest", "split", "train:a"]],
    ["downstream", { downstream: ["split"] }, ["train:a", "train:b", "judge"]],
    ["from and until: what lies between", { from: ["split"], until: ["train:b"] }, ["split", "train:b"]],
    ["two globs of a kind add up", { only: ["ingest", "judge"] }, ["ingest", "judge"]],
    ["nothing below the last", { downstream: ["judge"] }, []]
  ] as const)("%s", (_, options, expected) => {
    const { selected, leftOut } = select(nodes, options)
    expect(names(selected)).toEqual(expected)
    expect([...leftOut, ...selected].sort()).toEqual(nodes.map(({ name }) => name).sort())
  })

  it("forces within the selection only", () => {
    const { forced } = select(nodes, { until: ["train:a"], force: ["*"] })
    expect(names(forced)).toEqual(["ingest", "split", "train:a"])
  })

  it("tells the globs that match nothing", () => {
    expect(select(nodes, { only: ["trian:*", "judge"], force: ["x"] }).unmatched).toEqual(["trian:*", "x"])
  })
})

type State = "hit" | "run" | "unknown"

const fatesOf = (options: Parameters<typeof select>[1], states: Readonly<Record<string, State>> = {}) => {
  const planned = nodes.map((node) => ({ ...node, state: states[node.name] ?? ("hit" as const) }))
  return Object.fromEntries([...fates(planned, select(nodes, options))].map(([name, fate]) => [name, fate._tag]))
}

describe("fates", () => {
  it("a hit that is left out is used", () => {
    expect(fatesOf({ only: ["judge"] }, { judge: "run" })).toMatchObject({ "train:a": "Hit", judge: "Run" })
  })

  it("what needs a left-out node without output is blocked, and told by whom", () => {
    const states = { split: "run", "train:a": "unknown", "train:b": "unknown", judge: "unknown" } as const
    const planned = nodes.map((node) => ({ ...node, state: (states as Record<string, State>)[node.name] ?? "hit" }))
    const decided = fates(planned, select(nodes, { from: ["train:*"] }))
    expect(decided.get("split")).toEqual({ _tag: "LeftOut" })
    expect(decided.get("train:a")).toEqual({ _tag: "Blocked", by: ["split"] })
    expect(decided.get("judge")).toEqual({ _tag: "Blocked", by: ["split"] })
    expect(decided.get("ingest")).toEqual({ _tag: "Hit" })
  })

  it("a forced node runs, and what is below it is not known before", () => {
    expect(fatesOf({ force: ["split"] })).toEqual({
      ingest: "Hit",
      split: "Forced",
      "train:a": "Unknown",
      "train:b": "Unknown",
      judge: "Unknown",
      stray: "Hit"
    })
  })

  it("a hit below a forced node is not used where it is left out: it may no longer be the output of its inputs", () => {
    expect(fatesOf({ only: ["split"], force: ["split"] })).toMatchObject({ split: "Forced", "train:a": "LeftOut" })
  })

  const dag = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 }).map((rows) =>
    rows.map((row, at) => ({
      name: `n${at}`,
      inputs: at === 0 ? [] : [...new Set(row.map((value) => `n${value % at}`))]
    }))
  )
  const plans = dag.chain((list) =>
    fc.record({
      list: fc.constant(list),
      stale: fc.subarray(list.map(({ name }) => name)),
      only: fc.subarray(list.map(({ name }) => name)),
      force: fc.subarray(list.map(({ name }) => name))
    })
  )

  it("only selected nodes ever run, and no node runs above which something is missing", () => {
    fc.assert(
      fc.property(plans, ({ list, stale, only, force }) => {
        const states = new Map<string, State>()
        for (const { name, inputs } of list) {
          const above = inputs.some((input) => states.get(input) !== "hit")
          states.set(name, above ? "unknown" : stale.includes(name) ? "run" : "hit")
        }
        const selection = select(list, { only, force })
        const decided = fates(
          list.map((node) => ({ ...node, state: states.get(node.name)! })),
          selection
        )
        for (const { name, inputs } of list) {
          const fate = decided.get(name)!
          const works = fate._tag === "Run" || fate._tag === "Forced" || fate._tag === "Unknown"
          if (works) {
            expect(selection.selected.has(name)).toBe(true)
            for (const input of inputs) expect(["LeftOut", "Blocked"]).not.toContain(decided.get(input)!._tag)
          }
          if (fate._tag === "Blocked") {
            for (const obstacle of fate.by) expect(decided.get(obstacle)!._tag).toBe("LeftOut")
          }
        }
      })
    )
  })
})

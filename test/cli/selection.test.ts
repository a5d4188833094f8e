/** --only, --from, --until, --downstream, --force: what runs, what that leaves out, what is refused. */
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { jsonLines, quickly, temporary } from "./program.ts"

const folder = temporary()
afterAll(folder.remove)
const full = join(folder.path, "full")
const empty = join(folder.path, "empty")

const finished = async (store: string, ...args: ReadonlyArray<string>) => {
  const end = await quickly("run", "--json", "--store", store, ...args)
  return { ...end, last: jsonLines(end.out).at(-1) }
}

beforeAll(async () => {
  await quickly("run", "--store", full)
})

describe("selection", () => {
  it("--until runs a node and all above it, and no verdict is given", async () => {
    const { code, last } = await finished(empty, "--until", "grow:small")
    expect(code).toBe(0)
    expect(last).toMatchObject({ executed: ["gather", "grow:small"], failed: [], verdict: null, report: null })
  })

  it("tells in the books and at the end what was left out", async () => {
    const { out } = await quickly("run", "--store", empty, "--until", "grow:small")
    expect(out).toContain("Nothing to do for what is selected")
    const { runs } = JSON.parse((await quickly("runs", "--store", empty, "--json", "--last", "1")).out)
    expect(runs[0].nodes.map((node: { state: string }) => node.state)).toEqual(["hit", "hit", "left-out", "blocked"])
  })

  it("--force makes a node anew, early cutoff spares what is below", async () => {
    const { code, last } = await finished(full, "--force", "gather")
    expect(code).toBe(0)
    expect(last).toMatchObject({
      executed: ["gather"],
      hits: ["grow:small", "grow:large", "judge"],
      verdict: "The mean of all arms is 22."
    })
  })

  it("a left-out node whose output is in the store is used", async () => {
    const { last } = await finished(full, "--only", "judge", "--force", "judge")
    expect(last).toMatchObject({ executed: ["judge"], hits: ["gather", "grow:small", "grow:large"] })
  })

  it("refuses before it runs what hangs on a left-out node without output", async () => {
    const { code, err, out } = await finished(full, "--only", "judge", "--set", "grow.factor=5")
    expect([code, out]).toEqual([2, ""])
    expect(err).toMatchInlineSnapshot(`
      "error: judge: grow:small, grow:large are left out and have no output in the store
        mend: select grow:small, grow:large as well, or run it first with --until
      "
    `)
  })

  it("knows no glob that matches nothing", async () => {
    const { code, err } = await finished(full, "--from", "grwo:*")
    expect(code).toBe(2)
    expect(err).toMatchInlineSnapshot(`
      "error: grwo:*: numbers has no such node
        mend: one of gather, grow:small, grow:large, judge
      "
    `)
  })

  it("is shown, and planned, before it runs", async () => {
    const plan = await quickly("plan", "--store", full, "--from", "grow:small", "--force", "grow:*")
    expect(plan.out).toMatchInlineSnapshot(`
      "selected 2 of 4 nodes: grow:small, judge
      forced: grow:small
      left out: gather, grow:large

      hit      gather
      run      grow:small  it was asked for with --force
      hit      grow:large
      unknown  judge       known when grow:small has run

      2 hits, 1 to run, 1 unknown until then
      "
    `)
    const run = await quickly("run", "--store", full, "--from", "grow:small")
    expect(run.out).toContain("selected 2 of 4 nodes: grow:small, judge\nleft out: gather, grow:large\n")
  })
})

/** The commands as a user or a program meets them: what is on standard output, and what a second run does. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { afterAll, describe, expect, it } from "@effect/vitest"
import { dermograph, ended, jsonLines, launch, launchAlone, quickly, temporary } from "./program.ts"

const folder = temporary()
const store = join(folder.path, "store")
afterAll(folder.remove)

const nodes = ["gather", "grow:small", "grow:large", "judge"]
const digest = expect.stringMatching(/^[0-9a-f]{64}$/u)

describe("from an empty store", () => {
  it("plans everything, the first node with its reason", async () => {
    const { code, out } = await dermograph("plan", "--json", "--store", store)
    const plan = JSON.parse(out)
    expect(code).toBe(0)
    expect(plan.nodes.map((node: { name: string }) => node.name)).toEqual(nodes)
    expect(plan.nodes[0]).toMatchObject({ stage: "gather", state: "run", reasons: [{ _tag: "FirstRun" }] })
    expect(plan.nodes[3]).toMatchObject({ stage: "judge", state: "unknown", reasons: [{ _tag: "BelowRunning" }] })
  })

  it("runs all, one event a line, RunFinished the last", async () => {
    const { code, out } = await dermograph("run", "--json", "--store", store)
    const events = jsonLines(out)
    expect(code).toBe(0)
    expect(events[0]).toMatchObject({ _tag: "RunStarted", pipeline: "numbers", nodes })
    const last = events.at(-1)
    expect(last).toEqual({
      _tag: "RunFinished",
      executed: nodes,
      hits: [],
      failed: [],
      outputs: { gather: digest, "grow:small": digest, "grow:large": digest, judge: digest },
      seconds: expect.any(Number),
      verdict: "The mean of all arms is 22.",
      report: expect.stringMatching(/\/reports\/numbers\/\d{8}-\d{6}-[0-9a-f]+\/report\.txt$/u),
      timeline: expect.stringMatching(/timelines\/\d{8}-\d{6}-[0-9a-f]+\.json$/u),
      criticalPath: ["gather", expect.stringMatching(/^grow:/u), "judge"].map((node) => ({
        node,
        seconds: expect.any(Number)
      }))
    })
    expect(readFileSync(String(last?.report), "utf8")).toBe("The mean of all arms is 22.\n")
    // The folder has the name that `runs` has for the run.
    expect(readdirSync(join(store, "runs"))).toEqual([`${basename(dirname(String(last?.report)))}.json`])
    expect(readFileSync(join(store, "reports", "numbers", "latest", "report.txt"), "utf8")).toContain("is 22.")
    expect(events.some((event) => event._tag === "NodeProgress")).toBe(true)
  })

  it("does nothing the second time, and says so", async () => {
    const json = jsonLines((await dermograph("run", "--json", "--store", store)).out).at(-1)
    expect(json).toMatchObject({ executed: [], hits: nodes, verdict: "The mean of all arms is 22." })
    const { code, out } = await dermograph("run", "--store", store)
    expect(code).toBe(0)
    expect(out).toMatch(/Nothing to do: all 4 stages are up to date \(\d/u)
    expect(out).toContain("The mean of all arms is 22.")
    const [run = ""] = readdirSync(join(store, "reports", "numbers")).filter((name) => name !== "latest")
    expect(json?.report).toBe(join(store, "reports", "numbers", run, "report.txt"))
    expect(out).toContain(`file://${store}/reports/numbers/${run}/report.txt\n`)
    expect(out).toContain(`as run ${run} wrote it: this run's is the same\n`)
    expect(out).not.toContain("\u001B")
  })

  it("plans a change of a setting field by field", async () => {
    const { out } = await quickly("plan", "--store", store, "--set", "grow.factor=3")
    expect(out).toMatchInlineSnapshot(`
      "hit      gather
      run      grow:small  factor: 2 → 3
      run      grow:large  factor: 20 → 30
      unknown  judge       known when grow:small, grow:large have run

      1 hit, 2 to run, 1 unknown until then
      "
    `)
  })

  it("explains a node, and with --json all of its record", async () => {
    const human = await quickly("explain", "grow:small", "--store", store, "--set", "grow.factor=3")
    expect(human.code).toBe(0)
    expect(human.out).toMatch(/^grow:small: will run\n {2}factor: 2 → 3\n/u)
    expect(human.out).toMatch(/inputs\s+numbers\s+gather\s+[0-9a-f]{12}/u)
    expect(human.out).toContain("lib/scale.ts")
    const json = JSON.parse((await quickly("explain", "grow:small", "--json", "--store", store)).out)
    expect(json).toMatchObject({
      node: "grow:small",
      stage: "grow",
      state: "hit",
      reasons: [],
      inputs: { numbers: "gather" },
      record: { stage: "grow", params: { factor: 2, steps: 2 } },
      last: { seconds: expect.any(Number) },
      output: { artifact: "Numbers", present: true }
    })
    expect(existsSync(json.output.path)).toBe(true)
  })

  it("compares what is known of a node below one that will run with an earlier run", async () => {
    const base = ["explain", "grow:small", "--store", store, "--set", "data.count=4", "--against", "last"]
    const changed = await quickly(...base, "--set", "grow.factor=3")
    expect(changed.out).toMatch(
      /^grow:small: not known before what is above it has run\nother than in last, as far as is known:\n {2}factor: 2 → 3\n {2}known when gather has run\n/u
    )
    const same = await quickly(...base)
    expect(same.out).toMatch(/\nnothing is other than in last, as far as is known:\n {2}known when gather has run\n/u)
    const asIs = await quickly("explain", "grow:small", "--store", store, "--against", "last")
    expect(asIs.out).toMatch(/^grow:small: up to date\nnothing is other than in last\n/u)
    const { reasons } = JSON.parse((await quickly(...base, "--set", "grow.factor=3", "--json")).out)
    expect(reasons).toMatchObject([
      { _tag: "ParamChanged", path: "factor", from: 2, to: 3 },
      { _tag: "BelowRunning", nodes: ["gather"] }
    ])
    const deep = await quickly("explain", "judge", ...base.slice(2))
    expect(deep.out).toContain("known when grow:small, grow:large have run")
  })

  it("takes no other word for --verify than its three", async () => {
    const { code, err } = await quickly("run", "--store", store, "--verify", "twice")
    expect(code).toBe(2)
    expect(err).toContain("once")
  })

  it("draws the graph", async () => {
    const { out } = await quickly("graph", "--store", store, "--set", "grow.factor=3")
    expect(out).toMatchInlineSnapshot(`
      "flowchart LR
        n0["gather"]:::hit
        n1["grow:small"]:::run
        n2["grow:large"]:::run
        n3["judge"]:::unknown
        n0 --> n1
        n0 --> n2
        n1 --> n3
        n2 --> n3
        classDef hit fill:#d9f2df,stroke:#2e7d46,color:#1b1b1b
        classDef run fill:#d3e8fb,stroke:#1f6fb2,color:#1b1b1b
        classDef unknown fill:#fbf0cf,stroke:#a97c00,color:#1b1b1b
      "
    `)
    const dot = await quickly("graph", "--dot", "--store", store)
    expect(dot.out).toContain('"gather" -> "grow:small"')
  })

  it("ends a failed run with RunFinished too, exit code 1", async () => {
    const end = await dermograph("run", "--json", "--store", store, "--set", "grow.factor=11")
    expect(end.code).toBe(1)
    expect(jsonLines(end.out).at(-1)).toMatchObject({
      _tag: "RunFinished",
      hits: ["gather"],
      failed: ["grow:large"],
      verdict: null,
      report: null
    })
    expect(end.err).toContain("choose a smaller grow.factor")
  })

  it("takes settings from a file, and --set over them", async () => {
    const file = join(folder.path, "settings.json")
    writeFileSync(file, '{ "grow": { "factor": 5, "steps": 3 } }')
    const args = ["explain", "grow:small", "--json", "--store", store, "--config", file, "--set", "grow.steps=4"]
    const { record } = JSON.parse((await quickly(...args)).out)
    expect(record.params).toEqual({ factor: 5, steps: 4 })
  })
})

describe("manners", () => {
  it("no arguments, help and --help are the same help", async () => {
    const [none, help, flag] = await Promise.all([dermograph(), dermograph("help"), dermograph("--help")])
    expect(none.code).toBe(0)
    expect(none.out).toContain("npx tsx pipeline.config.ts <subcommand>")
    expect(help.out).toBe(none.out)
    expect(flag.out).toBe(none.out)
    expect(none.err).toBe("")
  })

  it("--version is the package's", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"))
    expect((await dermograph("--version")).out).toBe(`${version}\n`)
  })

  it("a reader that goes away is no crash", async () => {
    const { path, remove } = temporary()
    const child = launch(["run", "--json", "--store", path])
    child.stdout?.once("data", () => child.stdout?.destroy())
    const end = await ended(child)
    remove()
    expect(end.code).toBe(0)
    expect(end.err).toBe("")
  })

  it("Ctrl-C ends it with 130, its stages stopped, what was done kept", async () => {
    const { path, remove } = temporary()
    const child = launchAlone(["run", "--json", "--store", path, "--set", "grow.pause=60000"])
    let asked = false
    child.stdout?.on("data", (text: string) => {
      if (asked || !String(text).includes('"NodeStarted","node":"grow')) return
      asked = true
      setTimeout(() => child.kill("SIGINT"), 300)
    })
    const end = await ended(child)
    expect(end.code).toBe(130)
    expect(end.err).toMatch(/^ending: grow:\S+ .*; \^C again ends it at once$/mu)
    expect(end.err).toMatch(/^interrupted: 1 of 4 stages done; to go on from there:$/mu)
    expect(end.err).toContain(
      `  npx tsx test/fixtures/cli/pipeline.config.ts run --json --store ${path} --set grow.pause=60000\n`
    )
    const books = readdirSync(join(path, "runs"))
    expect(JSON.parse(readFileSync(join(path, "runs", books[0]!), "utf8"))).toMatchObject({ outcome: "interrupted" })
    expect(existsSync(join(path, "reports"))).toBe(false)
    remove()
  })
})

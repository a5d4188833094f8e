/** The commands about the store and its books, on a store with three runs. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync
} from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { quickly, temporary } from "./program.ts"

const { path: store, remove } = temporary()
afterAll(remove)

const call = async (...args: ReadonlyArray<string>) => {
  const end = await quickly(...args, "--store", store)
  return { ...end, json: () => JSON.parse(end.out) }
}

const names = () => readdirSync(join(store, "runs")).map((file) => file.replace(".json", ""))

const filesBelow = (folder: string) =>
  readdirSync(join(store, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

/** As if all of the store had been written three hours ago. */
const age = () => {
  const past = new Date(Date.now() - 3 * 3_600_000)
  for (const file of filesBelow(".")) utimesSync(file, past, past)
}

beforeAll(async () => {
  await call("run")
  await call("run", "--set", "grow.factor=3")
  await call("run", "--set", "grow.factor=11")
})

describe("runs", () => {
  it("lists them, oldest first, with how they ended", async () => {
    const { code, out } = await call("runs")
    expect(code).toBe(0)
    const lines = out.split("\n").slice(1, -3)
    const rows = lines.filter((line) => !line.startsWith(" "))
    expect(lines.filter((line) => line.startsWith(" "))).toEqual([
      "    The mean of all arms is 22.",
      "    grow.factor 2 → 3",
      "    The mean of all arms is 33.",
      "    grow.factor 3 → 11"
    ])
    expect(rows.map((row) => row.split(/ {2,}/u).slice(1, 5))).toEqual([
      ["numbers", "succeeded", "4", "0"],
      ["numbers", "succeeded", "3", "1"],
      ["numbers", "failed", expect.any(String), "1"]
    ])
  })

  it("says where each report is: in the run's own folder, in an earlier run's, gone", async () => {
    const again = temporary()
    const of = (...args: ReadonlyArray<string>) => quickly(...args, "--store", again.path)
    for (const factor of [2, 3, 2]) await of("run", "--set", `grow.factor=${factor}`)
    const names = readdirSync(join(again.path, "runs")).map((file) => file.replace(".json", ""))
    const reports = join(again.path, "reports", "numbers")
    expect(readdirSync(reports).sort()).toEqual([...names.slice(0, 2), "latest"].sort())
    const column = async () =>
      (await of("runs")).out
        .split("\n")
        .filter((row) => /^\d{8}-/u.test(row))
        .map((row) => row.split(/ {2,}/u).at(-1))
    expect(await column()).toEqual(["own", "own", `of ${names[0]}`])
    expect((await of("runs")).out).toContain(join(again.path, "reports", "PIPELINE", "RUN"))
    expect(readFileSync(join(reports, "latest", "report.txt"), "utf8")).toContain("is 22.")
    const paths = names.slice(0, 2).map((name) => join(reports, name, "report.txt"))
    expect((await of("diff", names[0]!, names[1]!)).out).toContain(`report was: ${paths[0]}\nreport is:  ${paths[1]}\n`)
    expect((await of("diff", names[0]!, names[2]!)).out).toContain(`report of both: ${paths[0]}\n`)
    rmSync(join(reports, names[1]!), { recursive: true })
    expect(await column()).toEqual(["own", "gone", `of ${names[0]}`])
    again.remove()
  })

  it("--json gives the books, --last the latest of them", async () => {
    const { json } = await call("runs", "--json", "--last", "1")
    expect(json().runs).toMatchObject([
      {
        run: names().at(-1),
        outcome: "failed",
        settings: { grow: { factor: 11, steps: 2 } },
        nodes: [
          { name: "gather", state: "hit", key: expect.any(String) },
          { name: "grow:small" },
          { name: "grow:large", state: "failed", error: expect.stringContaining("more than it can bear") },
          { name: "judge", state: "blocked" }
        ]
      }
    ])
  })

  it("knows no store that is not there, and makes none", async () => {
    const none = join(store, "none")
    const end = await quickly("runs", "--store", none)
    expect(end.code).toBe(2)
    expect(end.err).toContain("there is no store")
    expect(existsSync(none)).toBe(false)
  })
})

describe("diff", () => {
  it("tells settings, and node by node what differs", async () => {
    const [first = "", second = ""] = names()
    const { code, json } = await call("diff", first, second, "--json")
    expect(code).toBe(0)
    expect(json()).toMatchObject({
      from: first,
      to: second,
      settings: [{ path: "grow.factor", from: 2, to: 3 }],
      nodes: [
        { name: "gather", change: "same", reasons: [], outputDiffers: false },
        { name: "grow:small", change: "changed", reasons: [{ _tag: "ParamChanged", path: "factor", from: 2, to: 3 }] },
        { name: "grow:large", change: "changed", outputDiffers: true },
        { name: "judge", change: "changed", reasons: [{ _tag: "InputChanged" }, { _tag: "InputChanged" }] }
      ],
      verdict: { from: "The mean of all arms is 22.", to: "The mean of all arms is 33." }
    })
    const human = await call("diff", first, second)
    expect(human.out).toContain("grow.factor  2 → 3")
    expect(human.out).toContain("3 nodes of 4 differ")
  })

  it("takes last and previous, and finds no difference of a run and itself", async () => {
    expect((await call("diff", "last", "last")).out).toContain("0 nodes of 4 differ")
    expect((await call("diff", "previous", "last", "--json")).json()).toMatchObject({
      from: names().at(-2),
      to: names().at(-1)
    })
  })

  it("refuses a run that is not there, and one of several", async () => {
    const none = await call("diff", "last", "nonesuch")
    expect([none.code, none.err]).toEqual([2, expect.stringContaining("no such run is in the books")])
    const many = await call("diff", "last", "20")
    expect([many.code, many.err]).toEqual([2, expect.stringContaining("several runs have such a name")])
  })
})

describe("explain --against", () => {
  it("compares with the record of that run", async () => {
    const { json } = await call("explain", "grow:small", "--against", names()[1]!, "--json")
    expect(json()).toMatchObject({ state: "hit", reasons: [{ _tag: "ParamChanged", path: "factor", from: 3, to: 2 }] })
  })
})

describe("verify", () => {
  it("makes hits again and finds the same bytes", async () => {
    const { code, json } = await call("verify", "--json")
    expect(code).toBe(0)
    expect(json().nodes.map((node: { node: string; verdict: string }) => [node.node, node.verdict])).toEqual([
      ["gather", "same"],
      ["grow:small", "same"],
      ["grow:large", "same"],
      ["judge", "same"]
    ])
  })

  it("finds a stage that is not deterministic, and leaves the store as it was", async () => {
    await call("run", "--pipeline", "game")
    const before = filesBelow("blobs")
    const { code, json } = await call("verify", "--pipeline", "game", "--json")
    expect(code).toBe(1)
    expect(json().nodes).toMatchObject([{ node: "dice", verdict: "different" }])
    expect(filesBelow("blobs")).toEqual(before)
  })
})

describe("gc", () => {
  it("keeps whatever is young", async () => {
    const { json } = await call("gc", "--json", "--keep-last", "0", "--dry")
    expect(json().dropped).toMatchObject({ blobs: { count: 0 }, traces: { count: 0 } })
  })

  it("--dry removes nothing", async () => {
    age()
    const before = filesBelow(".")
    const { json } = await call("gc", "--json", "--keep-last", "0", "--dry")
    expect(json()).toMatchObject({ dry: true, kept: { runs: 0, blobs: 0 } })
    expect(json().dropped.blobs.count).toBeGreaterThan(0)
    expect(filesBelow(".")).toEqual(before)
  })

  it("waits for nobody: a run at work is a refusal", async () => {
    const lease = join(store, "leases", "0".repeat(64))
    mkdirSync(lease, { recursive: true })
    writeFileSync(join(lease, "1"), JSON.stringify({ run: "other", host: hostname(), pid: process.pid }))
    const { code, err } = await call("gc", "--keep-last", "0", "--no-dry")
    expect([code, err]).toEqual([2, expect.stringContaining("other is at work in this store")])
    writeFileSync(join(lease, "1"), JSON.stringify({ run: "dead", host: hostname(), pid: 2 ** 30 }))
    expect((await call("gc", "--keep-last", "99", "--json")).code).toBe(0)
  })

  it("keeps what a named run needs: that run is all hits, the others run again", async () => {
    const first = names()[0]!
    const reports = () => filesBelow("reports").sort()
    const before = reports()
    expect(before.length).toBeGreaterThan(3)
    const { code, json } = await call("gc", "--keep-last", "0", "--keep", first, "--no-dry", "--json")
    expect(code).toBe(0)
    expect(json()).toMatchObject({ dry: false, kept: { runs: 1, blobs: 4, reports: { count: 2 } } })
    expect(json().dropped.blobs.count).toBeGreaterThan(0)
    // Also of the runs whose outputs went.
    expect(reports()).toEqual(before)
    expect((await call("gc")).out).toMatch(/^kept: 2 reports \(\d.*\) in .*reports; gc removes none/mu)
    const states = (await call("plan", "--json")).json().nodes.map((node: { state: string }) => node.state)
    expect(states).toEqual(["hit", "hit", "hit", "hit"])
    const other = (await call("plan", "--json", "--set", "grow.factor=3")).json().nodes
    expect(other.map((node: { state: string }) => node.state)).toEqual(["hit", "run", "run", "unknown"])
    const check = await call("store", "check", "--json")
    expect(check.json()).toMatchObject({ sound: true, traces: { count: 4, dangling: 0 } })
  })
})

describe("store check", () => {
  it("finds an altered output, sets it aside, and the next run mends it", async () => {
    appendFileSync(filesBelow("blobs")[0]!, "x")
    const sick = await call("store", "check", "--json")
    expect([sick.code, sick.json()]).toEqual([
      1,
      expect.objectContaining({ sound: false, blobs: expect.objectContaining({ altered: 1 }), aside: 1 })
    ])
    expect((await call("run")).code).toBe(0)
    expect((await call("store", "check")).out).toContain("the store is sound")
  })

  it("finds a trace that is not what its name says", async () => {
    const file = filesBelow("traces")[0]!
    writeFileSync(
      file,
      readFileSync(file, "utf8")
        .replace('"format":1', '"format":1,"more":true')
        .replace(/"stage":"\w+"/u, '"stage":"other"')
    )
    const { code, json } = await call("store", "check", "--json")
    expect([code, json().traces.damaged]).toEqual([1, 1])
  })
})

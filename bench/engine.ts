/**
 * The engine against GNU make, Snakemake, Turborepo and Nx, each on the same work, whole processes, one after another:
 *
 *   npx tsx bench/engine.ts [--sizes 14,1000,10000] [--times 3] [--limit 60] [--only ours,make,snakemake,turborepo,nx]
 *
 * Prints a Markdown table; times are medians. Needs `make` and `snakemake` on the PATH, and the registry for the others. A
 * peer that takes longer than the limit (seconds) to be prepared or to run is shown as over it, and gets no larger work.
 * TMPDIR says on which disk the work lies.
 */
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { cpus, loadavg, tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import { readTree } from "../src/store/tree.ts"
import { execute, seconds } from "./engine/measure.ts"
import { prepareOurs } from "./engine/ours.ts"
import { installTools, make, nx, type Peer, snakemake, turborepo } from "./engine/peers.ts"
import { type Job, melanoma, pairs } from "./engine/work.ts"

const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: `${melanoma.length},1000,10000` },
    times: { type: "string", default: "3" },
    limit: { type: "string", default: "60" },
    files: { type: "string", default: "100000" },
    only: { type: "string", default: "ours,make,snakemake,turborepo,nx" }
  }
})
const times = Number(values.times)
const limit = Number(values.limit)
const only = values.only.split(",")
const sizes = values.sizes.split(",").map(Number)
const base = mkdtempSync(join(tmpdir(), "dermograph-bench-"))
const jobsOf = (size: number): ReadonlyArray<Job> => (size === melanoma.length ? melanoma : pairs(size))

const rows: Array<readonly [string, string, string, string]> = []
const cell = (value: number): string => `${value.toFixed(value < 1 ? 3 : 2)} s`
const row = (work: string, program: string, nothing: string, changed: string): void => {
  rows.push([work, program, nothing, changed])
  console.error(rows.at(-1)!.join(" | "))
}

const benchOurs = (size: number): void => {
  const folder = join(base, `ours-${size}`)
  const { program, within } = prepareOurs(folder, jobsOf(size), 10 * limit)
  const idle = program()
  execute(idle)
  const output = execute(program("--json"))
  const { executed } = JSON.parse(output.trim().split("\n").at(-1)!) as { executed: ReadonlyArray<string> }
  if (executed.length > 0) throw new Error(`ours: ${executed.length} nodes ran, none should have`)
  const nothing = seconds(times, () => execute(idle))
  let value = 0.25
  const one = seconds(Math.min(times, 3), () => {
    value += 0.5
    execute(program("--set", `changed=${value}`))
  })
  const work = `${size} nodes`
  row(work, "Dermograph, whole program", cell(nothing), cell(one))
  row(work, "Dermograph, plan within a process", cell(within.plan), "")
  row(work, "Dermograph, run within a process", cell(within.run), "")
}

/** Peers that passed the limit, and at how many nodes. */
const over = new Map<string, number>()

const benchPeer = (peer: Peer, key: string, size: number): void => {
  const passed = over.get(key)
  if (passed !== undefined) {
    row(`${size} nodes`, peer.name, `not tried: over ${limit} s at ${passed} nodes`, "")
    return
  }
  const folder = join(base, `${key}-${size}`)
  const jobs = jobsOf(size)
  mkdirSync(folder, { recursive: true })
  try {
    const program = peer.prepare(folder, jobs, limit)
    const words = execute(program, limit)
    if (!peer.isIdle(words)) throw new Error(`it was not idle: ${words.slice(-200)}`)
    const nothing = seconds(size >= 10_000 ? Math.min(times, 3) : times, () => execute(program, limit))
    const source = join(folder, peer.source("0", jobs))
    const work = () => {
      if (peer.isIdle(execute(program, limit))) throw new Error("it did nothing after a change of a source")
    }
    const one = seconds(Math.min(times, 3), work, () => appendFileSync(source, "1"))
    row(`${size} nodes`, peer.name, cell(nothing), cell(one))
  } catch (error) {
    const reason = (error as Error).message.replace(/\s+/gu, " ").slice(0, 120)
    const late = reason.startsWith("not done within")
    if (late) over.set(key, size)
    row(`${size} nodes`, peer.name, late ? `over ${limit} s` : reason, "")
  }
  rmSync(folder, { recursive: true, force: true })
}

const benchFiles = async (count: number): Promise<void> => {
  const data = join(base, "data")
  for (let at = 0; at < count; at++) {
    if (at % 1000 === 0) mkdirSync(join(data, String(at / 1000)), { recursive: true })
    writeFileSync(join(data, String(Math.floor(at / 1000)), `${at}.txt`), String(at))
  }
  await new Promise((done) => setTimeout(done, 2500))
  const tree = () => Effect.runPromise(readTree(join(base, "store"), "data", data))
  await tree()
  const taken = { tree: [] as Array<number>, stat: [] as Array<number> }
  for (let time = 0; time < times; time++) {
    const start = performance.now()
    const { read } = await tree()
    if (read > 0) throw new Error(`${read} unchanged files were read`)
    const between = performance.now()
    for (const entry of readdirSync(data, { recursive: true, withFileTypes: true })) {
      statSync(join(entry.parentPath, entry.name), { bigint: true })
    }
    taken.tree.push((between - start) / 1000)
    taken.stat.push((performance.now() - between) / 1000)
  }
  const middle = (list: Array<number>) => list.toSorted((a, b) => a - b)[list.length >> 1]!
  row(`${count} files unchanged`, "Dermograph, readTree", cell(middle(taken.tree)), "")
  row(`${count} files unchanged`, "a loop of readdir and stat", cell(middle(taken.stat)), "")
}

try {
  const needsTools = only.includes("turborepo") || only.includes("nx")
  const tools = needsTools ? installTools(join(base, "tools")) : ""
  const peers: Readonly<Record<string, Peer>> = { make, snakemake, turborepo: turborepo(tools), nx: nx(tools) }
  for (const size of sizes) {
    if (only.includes("ours")) benchOurs(size)
    for (const [key, peer] of Object.entries(peers)) if (only.includes(key)) benchPeer(peer, key, size)
  }
  if (only.includes("ours")) await benchFiles(Number(values.files))
} finally {
  rmSync(base, { recursive: true, force: true })
}
console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}\n`)
console.log("| work | program | nothing to do | a source changed |\n| --- | --- | ---: | ---: |")
for (const cells of rows) console.log(`| ${cells.join(" | ")} |`)

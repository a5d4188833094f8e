/**
 * What a user waits for before anything is done: `help`, and a `run` in which all is up to date, as `npx tsx
 * pipeline.config.ts`, as `npx dermograph` and by the bin alone; beside `npx tsx -e 0`, which does nothing.
 *
 *   npx tsx bench/start-up.ts [--times 5] [--pipeline fixture]
 *
 * All are called in turn, so that a busy moment meets all alike. Seconds, least and median, of the clock and of the
 * processors; the ratio is of the least times of the clock. The first call after a change of the sources makes the bundle
 * anew: its time is told by itself. The store is made before, in a folder of its own.
 */
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { cpus, loadavg, tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: { times: { type: "string", default: "5" }, pipeline: { type: "string", default: "fixture" } }
})

const root = resolve(import.meta.dirname, "..")
const bin = join(root, "node_modules", ".bin")
const folder = mkdtempSync(join(tmpdir(), "dermograph-start-up-"))
// As in a shell: not as the npx sees it that started this program.
const own = Object.entries(process.env).filter(([name]) => !name.startsWith("npm_") && name !== "NODE_OPTIONS")
const env = { ...Object.fromEntries(own), PATH: `${bin}:${process.env.PATH}`, TIMEFORMAT: "%R %U %S" }

interface Taken {
  readonly clock: number
  readonly processors: number
}

const take = (command: string): Taken => {
  const { status, stderr } = spawnSync("bash", ["-c", `time ${command} >/dev/null`], {
    cwd: root,
    env,
    encoding: "utf8"
  })
  if (status !== 0) throw new Error(`${command}: ${stderr}`)
  const [clock, user, system] = stderr.trim().split("\n").at(-1)!.split(" ").map(Number) as [number, number, number]
  return { clock, processors: user + system }
}

const run = `run --pipeline ${values.pipeline} --store ${folder}/store`
const program = "node_modules/.cache/dermograph/program"
const commands = [
  "npx tsx -e 0",
  "npx tsx pipeline.config.ts help",
  `npx tsx pipeline.config.ts ${run}`,
  "npx dermograph help",
  `npx dermograph ${run}`,
  "node bin/dermograph.mjs help",
  `node bin/dermograph.mjs ${run}`
] as const

const seconds = (value = Number.NaN) => value.toFixed(2)
const spread = (all: ReadonlyArray<number>) => {
  const sorted = all.toSorted((a, b) => a - b)
  return { least: sorted[0], shown: `${seconds(sorted[0])} / ${seconds(sorted[sorted.length >> 1])}` }
}

try {
  take(`node bin/dermograph.mjs ${run}`)
  rmSync(join(root, program), { recursive: true, force: true })
  const first = take("npx tsx pipeline.config.ts help")
  for (const command of commands) take(command)
  const taken = commands.map((): Array<Taken> => [])
  for (let time = 0; time < Number(values.times); time++) {
    for (const [at, command] of commands.entries()) taken[at]!.push(take(command))
  }
  console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`)
  console.log(
    `with no bundle: npx tsx pipeline.config.ts help ${seconds(first.clock)} s (${seconds(first.processors)})`
  )
  console.log("\n| command | clock, s | processors, s | ratio |\n| --- | ---: | ---: | ---: |")
  const clocks = taken.map((all) => spread(all.map(({ clock }) => clock)))
  for (const [at, command] of commands.entries()) {
    const { shown } = spread(taken[at]!.map(({ processors }) => processors))
    const ratio = (clocks[at]!.least ?? Number.NaN) / (clocks[0]!.least ?? Number.NaN)
    const name = command.replace(` --store ${folder}/store`, "")
    console.log(`| \`${name}\` | ${clocks[at]!.shown} | ${shown} | ${ratio.toFixed(2)} |`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

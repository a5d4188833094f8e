/** The same work for GNU make, Snakemake, Turborepo and Nx: each prepared until it finds nothing to do. */
import { chmodSync, mkdirSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execute, type Program } from "./measure.ts"
import { ends, type Job } from "./work.ts"

export interface Peer {
  readonly name: string
  /** Writes the work into `folder` and does it once. Returns the program whose time is taken. */
  readonly prepare: (folder: string, jobs: ReadonlyArray<Job>, limit: number) => Program
  /** Path of a source file in the folder. */
  readonly source: (source: string, jobs: ReadonlyArray<Job>) => string
  /** Whether the program's output says that nothing was done; the timing is void where it does not. */
  readonly isIdle: (output: string) => boolean
}

const write = (path: string, text: string): void => {
  mkdirSync(join(path, ".."), { recursive: true })
  writeFileSync(path, text)
}

const inputPaths = (job: Job): ReadonlyArray<string> => [
  ...job.inputs.map((name) => `out/${name}`),
  ...(job.source === undefined ? [] : [`in/${job.source}`])
]

/** Sources and outputs with the times of a build that is over: these two engines look at times, and no job need run. */
const writeBuilt = (folder: string, jobs: ReadonlyArray<Job>): void => {
  mkdirSync(join(folder, "out"), { recursive: true })
  const start = Date.now() / 1000 - jobs.length - 100
  jobs.forEach((job, at) => {
    if (job.source !== undefined) {
      write(join(folder, "in", job.source), job.source)
      utimesSync(join(folder, "in", job.source), start, start)
    }
    writeFileSync(join(folder, "out", job.name), "0")
    utimesSync(join(folder, "out", job.name), start + at + 1, start + at + 1)
  })
}

export const make: Peer = {
  name: "GNU make 4.3",
  source: (source) => `in/${source}`,
  isIdle: (output) => output.includes("Nothing to be done"),
  prepare: (folder, jobs) => {
    const rules = jobs.map((job) => `out/${job.name}: ${inputPaths(job).join(" ")}\n\t@cat $^ > $@`)
    const all = `all: ${ends(jobs)
      .map((name) => `out/${name}`)
      .join(" ")}`
    write(join(folder, "Makefile"), `.PHONY: all\n${all}\n${rules.join("\n")}\n`)
    writeBuilt(folder, jobs)
    return { command: ["make", "all"], cwd: folder }
  }
}

/** A rule for each kind of node: what one would write by hand. */
const snakeRules = (jobs: ReadonlyArray<Job>): string => {
  const rule = (name: string, inputs: ReadonlyArray<string>, output: string) =>
    `rule ${name}:\n    input: ${inputs.map((path) => JSON.stringify(path)).join(", ")}\n    output: "${output}"\n    shell: "cat {input} > {output}"\n`
  if (jobs[0]!.name === "a0") return rule("a", ["in/{i}"], "out/a{i}") + rule("b", ["out/a{i}"], "out/b{i}")
  return jobs.map((job) => rule(job.name.replaceAll("-", "_"), inputPaths(job), `out/${job.name}`)).join("")
}

export const snakemake: Peer = {
  name: "Snakemake 7.21",
  source: (source) => `in/${source}`,
  isIdle: (output) => output.includes("Nothing to be done"),
  prepare: (folder, jobs) => {
    const targets = ends(jobs).map((name) => `"out/${name}"`)
    const constraint = 'wildcard_constraints:\n    i="[0-9]+"\n'
    write(join(folder, "Snakefile"), `${constraint}rule all:\n    input: [${targets.join(", ")}]\n${snakeRules(jobs)}`)
    writeBuilt(folder, jobs)
    return { command: ["snakemake", "--cores", "2"], cwd: folder }
  }
}

const packages = (folder: string, jobs: ReadonlyArray<Job>): void => {
  for (const job of jobs) {
    const dependencies = Object.fromEntries(job.inputs.map((name) => [name, "*"]))
    const reads = job.inputs.map((name) => `../${name}/dist/out`).concat(job.source === undefined ? [] : ["in"])
    const scripts = { build: `mkdir -p dist && cat ${reads.join(" ")} > dist/out` }
    write(
      join(folder, "packages", job.name, "package.json"),
      JSON.stringify({ name: job.name, version: "1.0.0", scripts, dependencies })
    )
    if (job.source !== undefined) write(join(folder, "packages", job.name, "in"), job.source)
  }
  write(
    join(folder, "package.json"),
    JSON.stringify({ name: "bench", private: true, packageManager: "npm@11.0.0", workspaces: ["packages/*"] })
  )
  const entries = jobs.flatMap((job) => [
    [`node_modules/${job.name}`, { resolved: `packages/${job.name}`, link: true }],
    [`packages/${job.name}`, { version: "1.0.0", dependencies: Object.fromEntries(job.inputs.map((n) => [n, "*"])) }]
  ])
  write(
    join(folder, "package-lock.json"),
    JSON.stringify({
      name: "bench",
      lockfileVersion: 3,
      requires: true,
      packages: { "": { name: "bench", workspaces: ["packages/*"] }, ...Object.fromEntries(entries) }
    })
  )
  write(join(folder, ".gitignore"), "node_modules\ndist\n.turbo\n.nx\n")
  execute({ command: ["git", "init", "-q"], cwd: folder })
}

const packageSource = (source: string, jobs: ReadonlyArray<Job>): string =>
  `packages/${jobs.find((job) => job.source === source)!.name}/in`

/**
 * Stands for npm while a monorepo is prepared: npm's own start would take ten thousand times 0.3 s, and no time of the
 * preparation is reported. The timed runs have the real one.
 */
const quickNpm = (folder: string): string => {
  const path = join(folder, "shim", "npm")
  write(path, `#!/bin/sh\nexec sh -c "$(sed 's/.*"build":"\\([^"]*\\)".*/\\1/' package.json)"\n`)
  chmodSync(path, 0o755)
  return join(folder, "shim")
}

export const turborepo = (tools: string): Peer => ({
  name: "Turborepo 2.11",
  source: packageSource,
  isIdle: (output) => output.includes("FULL TURBO"),
  prepare: (folder, jobs, limit) => {
    packages(folder, jobs)
    const build = { dependsOn: ["^build"], outputs: ["dist/**"] }
    write(join(folder, "turbo.json"), JSON.stringify({ tasks: { build } }))
    const command = [join(tools, "node_modules/.bin/turbo"), "run", "build", "--output-logs=none"]
    const env = { TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" }
    execute({ command, cwd: folder, env: { ...env, PATH: `${quickNpm(folder)}:${process.env.PATH}` } }, limit)
    return { command, cwd: folder, env }
  }
})

export const nx = (tools: string): Peer => ({
  name: "Nx 24",
  source: packageSource,
  isIdle: (output) => /existing outputs match the cache|read the output from the cache/u.test(output),
  prepare: (folder, jobs, limit) => {
    packages(folder, jobs)
    const build = { dependsOn: ["^build"], outputs: ["{projectRoot}/dist"], cache: true }
    write(join(folder, "nx.json"), JSON.stringify({ targetDefaults: { build }, analytics: false }))
    execute({ command: ["ln", "-s", join(tools, "node_modules"), "node_modules"], cwd: folder })
    const command = ["node_modules/.bin/nx", "run-many", "-t", "build", "--output-style=static"]
    // The daemon would outlive the measurement.
    const env = { NX_DAEMON: "false", NX_NO_CLOUD: "true", CI: "1", NX_TUI: "false" }
    execute({ command: [...command, "--parallel=4"], cwd: folder, env }, limit)
    return { command, cwd: folder, env }
  }
})

/** Installs Turborepo and Nx into a folder of their own, from the registry. */
export const installTools = (folder: string): string => {
  mkdirSync(folder, { recursive: true })
  write(join(folder, "package.json"), JSON.stringify({ name: "tools", private: true }))
  execute({ command: ["npm", "install", "--no-audit", "--no-fund", "turbo@2.11", "nx@24"], cwd: folder })
  return folder
}

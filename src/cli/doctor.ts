/** What `doctor` looks at: this machine and this project, as far as the command line knows of them. */
import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { access, constants, statfs } from "node:fs/promises"
import { createRequire } from "node:module"
import { availableParallelism, freemem, totalmem } from "node:os"
import { dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import { openStore } from "../store/store.ts"
import type { Finding } from "./config.ts"
import { bytes, plural } from "./text/format.ts"

const wanted = [22, 19] as const

const node = (): Finding => {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
  const enough = major > wanted[0] || (major === wanted[0] && minor >= wanted[1])
  const base = { name: "node", detail: `${process.versions.node} (${process.execPath})` }
  return enough
    ? { ...base, state: "good" }
    : { ...base, state: "bad", mend: `start with npx: the project brings a Node of ${wanted.join(".")} or newer` }
}

const gigabyte = 1e9

/** NVIDIA's driver tells by `nvidia-smi`; any other card is seen by its device files. */
const gpu = async (): Promise<Finding> => {
  const name = "gpu"
  const listed = await new Promise<string>((done) =>
    execFile(
      "nvidia-smi",
      ["--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"],
      { timeout: 10_000 },
      (error, out) => done(error === null ? out.trim() : "")
    )
  )
  if (listed !== "") return { name, state: "good", detail: listed.split("\n").join("; ") }
  const cards = ["/dev/nvidia0", "/dev/dri/renderD128", "/dev/kfd"].filter(existsSync)
  return cards.length === 0
    ? { name, state: "absent", detail: "none found; the CPU computes (backend simd)" }
    : {
        name,
        state: "poor",
        detail: `${cards.join(", ")} without a driver that answers`,
        mend: "install the card's driver; for NVIDIA's, nvidia-smi must answer"
      }
}

const memory = (): Finding => {
  const detail = `${bytes(freemem())} free of ${bytes(totalmem())}, ${plural(availableParallelism(), "core")}`
  return totalmem() < 4 * gigabyte
    ? { name: "memory", state: "poor", detail, mend: "run one stage at a time: --concurrency 1" }
    : { name: "memory", state: "good", detail }
}

/** The nearest folder that is there: a store that is yet to be made lies on its disk. */
const existing = (path: string): string => (existsSync(path) ? path : existing(dirname(path)))

const disk = async (store: string): Promise<Finding> => {
  const folder = existing(store)
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  const detail = `${bytes(free)} free at ${folder}`
  return free < gigabyte
    ? { name: "disk", state: "poor", detail, mend: "free some space: `gc` drops what no recent run needs" }
    : { name: "disk", state: "good", detail }
}

const store = async (path: string): Promise<Finding> => {
  if (!existsSync(path)) return { name: "store", state: "good", detail: `${path}: none yet, the first run makes it` }
  const exit = await Effect.runPromise(Effect.result(openStore(path)))
  if (exit._tag === "Failure") {
    const [detail = "", ...mend] = exit.failure.message.split("\n  mend: ")
    return { name: "store", state: "bad", detail, mend: mend.join("") }
  }
  const writable = await access(path, constants.W_OK).then(
    () => true,
    () => false
  )
  return writable
    ? { name: "store", state: "good", detail: `${path} (\`store check\` verifies every byte of it)` }
    : { name: "store", state: "bad", detail: `${path} cannot be written`, mend: "choose another folder with --store" }
}

const executables = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

const onPath = (name: string): string | undefined =>
  (process.env.PATH ?? "")
    .split(":")
    .map((folder) => join(folder, name))
    .find(existsSync)

/** Only the tests that look at the report in a browser need it. */
const chromium = (root: string): Finding => {
  const own = (() => {
    try {
      const playwright = createRequire(join(root, "package.json"))("playwright-core") as {
        readonly chromium: { readonly executablePath: () => string }
      }
      return playwright.chromium.executablePath()
    } catch {
      return undefined
    }
  })()
  const found = own !== undefined && existsSync(own) ? own : executables.map(onPath).find((path) => path !== undefined)
  return found === undefined
    ? {
        name: "chromium",
        state: "absent",
        detail: "not found; only tests of the report use it",
        mend: "npx playwright-core install chromium, or your system's chromium package"
      }
    : { name: "chromium", state: "good", detail: found }
}

export const examine = async (root: string, storePath: string): Promise<ReadonlyArray<Finding>> => [
  node(),
  memory(),
  await gpu(),
  await disk(storePath),
  await store(storePath),
  chromium(root)
]

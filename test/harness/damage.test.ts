/** Every file of a store, harmed in turn in every way: never a wrong result, never a crash. */
import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import { Effect } from "effect"
import { constant, round, show, sum } from "../dag/arithmetic.ts"
import { runIn, temporaryFolder, type World, world } from "../dag/harness.ts"
import { copyProject, finished, type Project } from "../pipelines/project.ts"

const filesBelow = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]
  )

const harms: Readonly<Record<string, (path: string) => void>> = {
  deleted: (path) => rmSync(path),
  emptied: (path) => truncateSync(path, 0),
  "cut in half": (path) => truncateSync(path, readFileSync(path).length >> 1),
  flipped: (path) => {
    const bytes = readFileSync(path)
    if (bytes.length > 0) bytes[bytes.length >> 1]! ^= 4
    writeFileSync(path, bytes)
  },
  unreadable: (path) => chmodSync(path, 0)
}

const pipeline = () => {
  const first = constant.node({ label: "a", params: { value: 1.26 }, inputs: {} })
  const second = constant.node({ label: "b", params: { value: 2 }, inputs: {} })
  const rounded = round.node({ params: { digits: 1 }, inputs: { value: first } })
  const total = sum.node({ params: {}, inputs: { terms: { rounded, second }, bonus: undefined } })
  return [show.node({ params: { label: "=" }, inputs: { value: total } })]
}

const digests = (w: World) =>
  Effect.runPromise(
    Effect.map(runIn(w, pipeline()), (result) => ({
      failed: result.failed,
      outputs: Object.fromEntries([...result.outputs].map(([name, { digest }]) => [name, digest]))
    }))
  )

it("every file of a small store, in every way", async () => {
  const folder = temporaryFolder()
  const whole = world(join(folder.path, "whole"))
  const expected = await digests(whole)
  let harmed = 0
  for (const file of filesBelow(whole.store).filter((path) => !path.endsWith("/format"))) {
    for (const [, harm] of Object.entries(harms)) {
      const copy = world(join(folder.path, `copy-${harmed++}`))
      cpSync(whole.store, copy.store, { recursive: true })
      harm(join(copy.store, file.slice(whole.store.length)))
      assert.deepStrictEqual(await digests(copy), expected)
    }
  }
  folder.remove()
  console.log(JSON.stringify({ harmed }))
  assert.isAbove(harmed, 50)
})

let project: Project
beforeAll(() => {
  project = copyProject()
})
afterAll(() => project.remove())

it("the store of the fixture pipeline, file by file, then a change that reads what is left", async () => {
  const run = async (...args: ReadonlyArray<string>) => {
    const { code, stdout, stderr } = await finished(
      project.startQuickly("run", "--pipeline", "fixture", "--json", ...args)
    )
    assert.strictEqual(code, 0, stderr)
    return JSON.parse(stdout.trim().split("\n").at(-1)!) as { readonly outputs: Readonly<Record<string, string>> }
  }
  const settings = ["--set", "model.frozenLayers=2"]
  const first = await run()
  const expected = await run(...settings, "--store", join(project.root, "undisturbed"))
  const names = Object.keys(harms)
  let at = 0
  for (const file of filesBelow(project.store).filter((path) => path.includes("/blobs/"))) {
    const copy = join(project.root, `copy-${at}`)
    cpSync(project.store, copy, { recursive: true })
    harms[names[at++ % names.length]!]!(join(copy, file.slice(project.store.length)))
    assert.deepStrictEqual((await run(...settings, "--store", copy)).outputs, expected.outputs, file)
    assert.deepStrictEqual((await run("--store", copy)).outputs, first.outputs, file)
    rmSync(copy, { recursive: true, force: true })
  }
  console.log(JSON.stringify({ harmed: at }))
})

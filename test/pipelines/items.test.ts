/** Per-image results: adding images opens and renders those, removing some none. */
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import sharp from "sharp"
import { copyProject, type Project, type RunFinished } from "./project.ts"

let project: Project
let folder: string

const draw = (name: string, grey: number) =>
  sharp({ create: { width: 40, height: 40, channels: 3, background: { r: grey, g: 80, b: 255 - grey } } })
    .png()
    .toFile(join(folder, name.startsWith("b") ? "benign" : "malignant", `${name}.png`))

beforeAll(async () => {
  project = copyProject()
  folder = join(project.root, "images")
  for (const name of ["benign", "malignant"]) mkdirSync(join(folder, name), { recursive: true })
  for (let n = 0; n < 40; n++) await draw(`${n % 2 === 0 ? "b" : "m"}${n}`, 3 * n)
})
afterAll(() => project.remove())

const run = () =>
  project.run("--set", `data.real=${folder}`, "--set", "training.epochs=1", "--set", "compare.replicates=100")

/** How many images were rendered, and how many were there from before, by the last word of every resize. */
const rendered = ({ events, executed }: RunFinished) => {
  let made = 0
  let reused = 0
  for (const node of executed.filter((name) => name.startsWith("resize"))) {
    const { progress } = events.findLast(
      (event) => event._tag === "NodeProgress" && event.node === node
    ) as unknown as {
      progress: { total: number; metrics: { reused: number } }
    }
    made += progress.total - progress.metrics.reused
    reused += progress.metrics.reused
  }
  return { made, reused }
}

describe("images", () => {
  it("that are added are rendered, the others are not", async () => {
    assert.deepStrictEqual(rendered(await run()), { made: 40, reused: 0 })
    for (let n = 40; n < 50; n++) await draw(`${n % 2 === 0 ? "b" : "m"}${n}`, 3 * n)
    const { made, reused } = rendered(await run())
    // An image that an added one pushed from train to validation is rendered for its new place.
    assert.isAtLeast(made, 10)
    assert.isAtMost(made, 14)
    assert.isAtLeast(reused, 36)
  })

  it("that are removed or renamed cost nothing", async () => {
    for (const name of readdirSync(join(folder, "benign")).slice(0, 3)) rmSync(join(folder, "benign", name))
    renameSync(join(folder, "malignant", "m1.png"), join(folder, "malignant", "renamed.png"))
    writeFileSync(join(folder, "notes.txt"), "not an image")
    assert.isAtMost(rendered(await run()).made, 4)
  })
})

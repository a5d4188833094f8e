/** What is refused before anything is trained, with the rows that break the rule: all through the command line. */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { type Made, makeNoiseSet, type Spoil, setting } from "./noise-set.ts"
import { copyProject, type Project } from "./project.ts"

let project: Project
beforeAll(() => {
  project = copyProject()
})
afterAll(() => project.remove())

const make = (name: string, spoil: Spoil = {}) => makeNoiseSet(join(project.root, name), spoil)

/** Each breaks one rule; the words of the refusal must name the rule and the rows. */
const refusals: ReadonlyArray<readonly [string, () => Promise<Made>, ReadonlyArray<string>]> = [
  [
    "a patient in two splits",
    () => make("patient", { patient: (index) => (index === 11 || index === 23 ? "P7x" : `P${index}`) }),
    ["P7x", "i11.png", "i23.png", "in two splits"]
  ],
  [
    "a generator that was shown test images",
    () => make("generator", { trainedOn: ["i1.png", "i19.png"] }),
    ["i19.png", "shown to the generator"]
  ],
  [
    "a synthetic image that stands among the evaluation images",
    () => make("copy", { copy: 19 }),
    ["malignant_9.png", "i19.png"]
  ],
  [
    "no positive validation image",
    async () => {
      const made = await make("class")
      const table = join(made.real, "labels.csv")
      writeFileSync(table, readFileSync(table, "utf8").replace(/(P\d+),1,val/gu, "$1,0,val"))
      return made
    },
    ["validation", "both classes"]
  ]
]

describe("refused before anything is trained, with the rows:", () => {
  for (const [name, prepare, words] of refusals) {
    it(name, async () => {
      const { real, synthetic } = await prepare()
      const store = join(project.root, `store-${words[0]}`)
      const args = setting({ "data.real": real, "data.synthetic": synthetic })
      const run = ["run", "--pipeline", "fixture", "--json", "--store", store, ...args]
      const { code, stdout, stderr } = await project.cli(...run)
      assert.strictEqual(code, 1, stderr)
      const events = stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
      assert.isFalse(events.some(({ _tag, node }) => _tag === "NodeStarted" && String(node).startsWith("fine-tune")))
      for (const word of words) assert.include(stdout + stderr, word)
      const last = events.at(-1)
      assert.deepStrictEqual([last._tag, last.verdict, last.report], ["RunFinished", null, null])
      assert.isFalse(existsSync(join(store, "reports")))
    })
  }

  it("arms that are evaluated on different images", async () => {
    const other = copyProject()
    // A pipeline of one's own in which one arm has a split of its own.
    other.edit("pipelines/training-runs.ts", (text) =>
      text.replace(
        "inputs: { model: trained, ...trunk.evaluatedOn(run), split: data.split,",
        'inputs: { model: trained, ...trunk.evaluatedOn(run), split: run.arm === "real" ? data.split : { ...data.split, name: "split:other", params: { ...(data.split.params as object), seed: 2 } },'
      )
    )
    const { code, stdout, stderr } = await other.cli("run", "--pipeline", "fixture", "--json")
    other.remove()
    assert.strictEqual(code, 1, stderr)
    assert.include(stderr, "evaluate:real+synthetic:1: split:other\n      test images: ")
    assert.match(stderr, /\d+ only there \(\S+\.\w+, .*\), \d+ only in evaluate:real:1 \(\S+\.\w+, .*\); \d+ in all/u)
    assert.include(stderr, "same test images")
    // The splits are drawn, and nothing that takes long is even planned.
    assert.notMatch(stdout, /"(resize|fine-tune)/u)
  })
})

it("says so where nothing is known of the generator: in the verdict and in the report", async () => {
  const { real, synthetic } = await make("unknown")
  const args = setting({ "data.real": real, "data.synthetic": synthetic, "training.epochs": 1 })
  const { verdict, report } = await project.run(...args)
  assert.include(verdict ?? "", "provenance of the generator unknown")
  const html = readFileSync(report ?? "", "utf8")
  assert.include(html, "no manifest says what the generator was trained on")
})

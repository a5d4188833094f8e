/** The arms of a comparison, and what is refused before anything is trained: all through the command line. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import sharp from "sharp"
import { generator } from "../../src/random/generator.ts"
import { copyProject, type Project } from "./project.ts"

let project: Project
beforeAll(() => {
  project = copyProject()
})
afterAll(() => project.remove())

const set = (values: Readonly<Record<string, unknown>>) =>
  Object.entries(values).flatMap(([name, value]) => [
    "--set",
    `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`
  ])

const arms = { "compare.ratios": ["all", 0.2], "compare.control": true, "compare.syntheticOnly": true }

describe("the arms", () => {
  it("are all compared with the reference, and share split and evaluation images", async () => {
    const { events, report, executed } = await project.run(...set({ ...arms, "training.epochs": 1 }))
    assert.isNotEmpty(events)
    assert.sameMembers(
      executed.filter((node) => node.startsWith("fine-tune:")),
      [
        "fine-tune:real:1",
        "fine-tune:real-oversampled:1",
        "fine-tune:real-oversampled-20%:1",
        "fine-tune:real+synthetic:1",
        "fine-tune:real+synthetic-20%:1",
        "fine-tune:synthetic-only:1"
      ]
    )
    assert.lengthOf(
      executed.filter((node) => node === "split" || node === "resize:evaluation"),
      2
    )
    const json = JSON.parse(readFileSync((report ?? "").replace(/html$/u, "json"), "utf8"))
    const compared: ReadonlyArray<{ arm: string; training: { real: number; synthetic: number } }> = json.comparison.arms
    const of = (name: string) => compared.find(({ arm }) => arm === name)!.training
    assert.strictEqual(of("real-oversampled").synthetic, 0)
    assert.isAbove(of("real+synthetic").synthetic, of("real+synthetic-20%").synthetic)
    assert.isBelow(of("synthetic-only").real, of("real").real)
    assert.strictEqual(of("synthetic-only").synthetic, of("real+synthetic").synthetic)
    assert.isNotEmpty(json.mistakes)
    assert.includeMembers(
      json.comparison.pairs[0].subgroups.map(({ attribute }: { attribute: string }) => attribute),
      ["sex", "site", "age"]
    )
  })

  it("train only what is new where a seed or an arm is added", async () => {
    const states = await project.plan(...set({ ...arms, "training.epochs": 1, "training.seeds": 3 }))
    for (const [node, state] of Object.entries(states)) {
      if (!node.startsWith("fine-tune:")) continue
      assert.strictEqual(state, node.endsWith(":1") ? "hit" : "run", node)
    }
    const ratios = { ...arms, "compare.ratios": [0.1, "all"], "training.epochs": 1 }
    const more = Object.entries(await project.plan(...set(ratios))).filter(([node]) => node.startsWith("fine-tune:"))
    for (const [node, state] of more) assert.strictEqual(state, node.includes("10%") ? "unknown" : "hit", node)
  })

  it("are refused where the list of ratios makes no sense", async () => {
    for (const ratios of [[], [0], ["all", "all"]]) {
      const { code, stderr } = await project.cli("plan", "--pipeline", "fixture", ...set({ "compare.ratios": ratios }))
      assert.strictEqual(code, 2, stderr)
      assert.include(stderr, "compare.ratios")
    }
  })
})

const draw = async (path: string, shade: number): Promise<Uint8Array<ArrayBuffer>> => {
  const noise = Uint8Array.from({ length: 32 * 32 * 3 }, (_, at) => generator("noise", shade, at).integer(256))
  const bytes = await sharp(noise, { raw: { width: 32, height: 32, channels: 3 } })
    .png()
    .toBuffer()
  writeFileSync(path, bytes)
  return Uint8Array.from(bytes)
}

interface Made {
  readonly real: string
  readonly synthetic: string
}

/** 24 real images with patients and a declared split, 4 synthetic melanomas; `spoil` breaks one rule. */
const make = async (
  name: string,
  spoil: {
    readonly patient?: (index: number) => string
    readonly trainedOn?: ReadonlyArray<string>
    readonly copy?: number
  }
): Promise<Made> => {
  const [real, synthetic] = [join(project.root, name, "real"), join(project.root, name, "synthetic")]
  for (const folder of [real, synthetic]) mkdirSync(folder, { recursive: true })
  const { patient = (index) => `P${index}` } = spoil
  const lines = ["image,patient_id,melanoma,split"]
  let copied = new Uint8Array()
  for (let index = 0; index < 24; index++) {
    const bytes = await draw(join(real, `i${index}.png`), index)
    if (index === spoil.copy) copied = bytes
    const split = index < 12 ? "train" : index < 18 ? "val" : "test"
    lines.push(`i${index}.png,${patient(index)},${index % 2},${split}`)
  }
  writeFileSync(join(real, "labels.csv"), `${lines.join("\n")}\n`)
  for (let index = 0; index < 4; index++) await draw(join(synthetic, `malignant_${index}.png`), 100 + index)
  if (copied.length > 0) writeFileSync(join(synthetic, "malignant_9.png"), copied)
  if (spoil.trainedOn !== undefined) {
    writeFileSync(join(synthetic, "generator.json"), JSON.stringify({ trainedOn: spoil.trainedOn, label: "malignant" }))
  }
  return { real, synthetic }
}

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
    "a synthetic image that is a copy of one of the evaluation",
    () => make("copy", { copy: 19 }),
    ["malignant_9.png", "i19.png"]
  ],
  [
    "no positive validation image",
    async () => {
      const made = await make("class", {})
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
      const reports = join(project.root, "cache")
      const store = join(project.root, `store-${words[0]}`)
      const args = set({ "data.real": real, "data.synthetic": synthetic })
      const { code, stdout, stderr } = await project.cli(
        "run",
        "--pipeline",
        "fixture",
        "--json",
        "--store",
        store,
        ...args
      )
      assert.strictEqual(code, 1, stderr)
      const events = stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
      assert.isFalse(events.some(({ _tag, node }) => _tag === "NodeStarted" && String(node).startsWith("fine-tune")))
      for (const word of words) assert.include(stdout + stderr, word)
      const last = events.at(-1)
      assert.isNull(last.verdict ?? null)
      assert.isFalse(existsSync(String(last.report ?? join(reports, "none"))))
    })
  }
})

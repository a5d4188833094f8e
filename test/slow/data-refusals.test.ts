/** What would make an answer worthless is told by `data` and refused by `run`, unless it is allowed by name. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import sharp from "sharp"
import { generator } from "../../src/random/generator.ts"
import { copyProject, type Project } from "../pipelines/project.ts"

let project: Project
beforeAll(() => {
  project = copyProject()
})
afterAll(() => project.remove())

/** A picture of soft blotches that is like no other number's. */
const picture = (number: number) => {
  const random = generator("refusals", number)
  const cells = Uint8Array.from({ length: 8 * 8 * 3 }, () => random.integer(256))
  return sharp(cells, { raw: { width: 8, height: 8, channels: 3 } }).resize(96, 96, { kernel: "cubic" })
}

const splits = ["train", "train", "train", "validation", "test"] as const

interface Shape {
  readonly leak?: boolean
  readonly alone?: boolean
  /** Writes image 9, a melanoma of test, into the folder. */
  readonly ninth?: (folder: string) => Promise<unknown>
}

/**
 * Twenty images, four a patient (or one, with `alone`), each patient in one split; `leak` gives image 0's patient to
 * image 4, of test.
 */
const realFolder = async (name: string, { leak = false, alone = false, ninth }: Shape = {}): Promise<string> => {
  const folder = join(project.root, name)
  mkdirSync(folder)
  const rows = ["image,patient,label,split"]
  for (let n = 0; n < 20; n++) {
    const patient = leak && n === 4 ? 0 : alone ? n : n % 5
    rows.push(`image${n},patient${patient},${n % 2},${splits[n % 5]}`)
    if (ninth !== undefined && n === 9) await ninth(folder)
    else
      await picture(n)
        .png()
        .toFile(join(folder, `image${n}.png`))
  }
  writeFileSync(join(folder, "labels.csv"), rows.join("\n"))
  return folder
}

/** Encoded again at quality 60, 3 % of each length cut off, flipped: nothing that a digest would know. */
const altered = (from: string, to: string) =>
  sharp(from).extract({ left: 1, top: 2, width: 93, height: 93 }).flop().jpeg({ quality: 60 }).toFile(to)

/** Six melanomas of a generator that was trained on image 0; `copyOf` is one of the real set put among them. */
const syntheticFolder = async (name: string, trainedOn: string, copyOf?: string): Promise<string> => {
  const folder = join(project.root, name)
  mkdirSync(folder)
  for (let n = 0; n < 6; n++)
    await picture(100 + n)
      .png()
      .toFile(join(folder, `malignant_${n}.png`))
  if (copyOf !== undefined) copyFileSync(copyOf, join(folder, "malignant_copy.png"))
  writeFileSync(join(folder, "generator.json"), JSON.stringify({ trainedOn: [trainedOn] }))
  return folder
}

interface Case {
  readonly rule: string
  /** The images that the refusal names. */
  readonly names: ReadonlyArray<string>
  readonly folders: () => Promise<{ readonly real: string; readonly synthetic?: string }>
  readonly allow: string
  /** A setting that makes it good without letting anything through. */
  readonly cure?: string
}

const cases: ReadonlyArray<Case> = [
  {
    rule: "group-in-two-splits",
    names: ["image0.png in train", "image4.png in test"],
    folders: async () => ({ real: await realFolder("leak", { leak: true }) }),
    allow: 'split.allow=["group-in-two-splits"]'
  },
  {
    rule: "near-duplicate-in-two-splits",
    names: ["image5.png in train", "image9.jpg in test"],
    folders: async () => {
      // The picture of image 5, of train, in a worse quality.
      const ninth = (folder: string) => picture(5).jpeg({ quality: 60 }).toFile(join(folder, "image9.jpg"))
      return { real: await realFolder("copy", { ninth }) }
    },
    allow: 'split.allow=["near-duplicate-in-two-splits","group-in-two-splits"]'
  },
  {
    rule: "equal-images-in-both-classes",
    names: ["image4.png = image9.png"],
    folders: async () => {
      const ninth = (folder: string) => picture(4).png().toFile(join(folder, "image9.png"))
      return { real: await realFolder("both-classes", { ninth }) }
    },
    allow: 'split.allow=["equal-images-in-both-classes"]'
  },
  {
    rule: "generator-trained-outside-train",
    names: ["image4.png"],
    folders: async () => ({ real: await realFolder("a"), synthetic: await syntheticFolder("saw-test", "image4") }),
    allow: 'balance.allow=["generator-trained-outside-train"]',
    cure: "split.by=generator"
  },
  {
    rule: "synthetic-copies-evaluation",
    names: ["malignant_copy.png = image4.png"],
    folders: async () => {
      const real = await realFolder("b")
      return { real, synthetic: await syntheticFolder("copies", "image0", join(real, "image4.png")) }
    },
    allow: 'balance.allow=["synthetic-copies-evaluation"]'
  },
  {
    rule: "synthetic-copies-evaluation, where the synthetic image was altered",
    names: ["malignant_copy.jpg ~ image4.png"],
    folders: async () => {
      const real = await realFolder("c")
      const synthetic = await syntheticFolder("altered", "image0")
      await altered(join(real, "image4.png"), join(synthetic, "malignant_copy.jpg"))
      return { real, synthetic }
    },
    allow: 'balance.allow=["synthetic-copies-evaluation"]'
  },
  {
    rule: "synthetic-copies-evaluation, where the real image is the copy",
    names: ["malignant_3.png ~ image9.jpg"],
    folders: async () => {
      const synthetic = await syntheticFolder("original", "image0")
      const ninth = (folder: string) => altered(join(synthetic, "malignant_3.png"), join(folder, "image9.jpg"))
      const real = await realFolder("d", { ninth })
      return { real, synthetic }
    },
    allow: 'balance.allow=["synthetic-copies-evaluation"]'
  }
]

describe("refused unless allowed by name:", () => {
  for (const { rule, names, folders, allow, cure } of cases) {
    it(rule, async () => {
      const { real, synthetic } = await folders()
      const sets = [`data.real=${real}`, ...(synthetic === undefined ? [] : [`data.synthetic=${synthetic}`])]
      const given = ["--pipeline", "fixture", ...sets.flatMap((set) => ["--set", set])]

      const [told, refused] = await Promise.all([project.cli("data", ...given), project.cli("run", ...given)])
      assert.strictEqual(told.code, 0, told.stderr)
      assert.include(told.stdout, "REFUSED")
      const [name] = rule.split(",", 1) as [string]
      for (const text of [...names, name]) assert.include(told.stdout, text)

      assert.strictEqual(refused.code, 1)
      for (const text of [...names, name]) assert.include(refused.stderr, text)

      const [allowed, cured] = await Promise.all([
        project.cli("data", ...given, "--set", allow),
        cure === undefined ? undefined : project.cli("data", ...given, "--set", cure)
      ])
      assert.strictEqual(allowed.code, 0, allowed.stderr)
      assert.notInclude(allowed.stdout, "REFUSED")
      assert.match(allowed.stdout, /let through by split\.allow|switched off by balance\.allow/u)

      if (cure === undefined || cured === undefined) return
      assert.include(refused.stderr, cure)
      assert.strictEqual(cured.code, 0, cured.stderr)
      assert.include(cured.stdout, "every image that the generator was trained on is in train")
      assert.notMatch(cured.stdout, /REFUSED|let through|switched off/u)
    })
  }
})

it("what is let through stands in the report of a full run, with its images", async () => {
  const real = await realFolder("let-through", { leak: true, alone: true })
  const synthetic = await syntheticFolder("let-through-gan", "image4")
  const sets = [
    `data.real=${real}`,
    `data.synthetic=${synthetic}`,
    "training.epochs=1",
    "compare.replicates=100",
    'split.allow=["group-in-two-splits"]',
    'balance.allow=["generator-trained-outside-train"]'
  ].flatMap((set) => ["--set", set])
  const { report } = await project.run(...sets)
  const { stdout } = await project.cli("run", "--pipeline", "fixture", ...sets)
  assert.match(stdout, /LET THROUGH by split\.allow .*LET THROUGH by balance\.allow .*report {4}/su)
  const page = readFileSync(report!, "utf8").replaceAll("&quot;", '"')
  assert.include(page, 'split.allow = ["group-in-two-splits"]')
  assert.match(page, /LET THROUGH by split\.allow \(group-in-two-splits\): \d+ images, image0\.png, /u)
  assert.match(page, /LET THROUGH by balance\.allow \(generator-trained-outside-train\): 1 images, image4\.png/u)
  assert.include(page, "; the generator saw 1 validation or test image, let through by name")
  assert.notInclude(page, "manifest says")
  assert.include(page, "; 1 group in more than one split, let through by name")
  assert.notInclude(page, "table of splits")
})

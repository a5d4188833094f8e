/** What `data` says of a folder, and the settings of the data: transforms of one's own, overrides and their mark. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import sharp from "sharp"
import { comparison } from "../../pipelines/comparison.ts"
import { fixtureDefaults } from "../../pipelines/defaults.ts"
import { settings } from "../../pipelines/settings.ts"
import { transformsOf } from "../../pipelines/transforms.ts"
import { nodesOf } from "../../src/dag/pipeline.ts"
import { copyProject, finished, type Project } from "./project.ts"

let project: Project
beforeAll(() => {
  project = copyProject()
})
afterAll(() => project.remove())

const decoded = Schema.decodeUnknownSync(settings(fixtureDefaults))

describe("data", () => {
  it("says what is in the embedded set, trains nothing and writes contact sheets", async () => {
    const cli = (...args: ReadonlyArray<string>) => finished(project.startQuickly(...args, "--pipeline", "fixture"))
    const planned = async (...flags: ReadonlyArray<string>) => (await cli("plan", ...flags)).stdout
    assert.match(await planned(), /not described yet\. The command data says what they are/u)
    const { code, stdout, stderr } = await cli("data", "--json")
    assert.strictEqual(code, 0, stderr)
    const { data, files } = JSON.parse(stdout)
    assert.isAbove(data.real.images, 0)
    assert.strictEqual(data.synthetic.images, 12)
    assert.strictEqual(data.split.refused, null)
    const { train, validation, test } = data.split.counts
    assert.strictEqual(train.images + validation.images + test.images, data.real.images)
    assert.strictEqual(data.split.synthetic.provenance.status, "verified")
    const [images, views] = files.filter((path: string) => !path.endsWith("near-duplicates.png"))
    assert.strictEqual((await sharp(readFileSync(images)).metadata()).format, "png")
    // Two views and the image itself, 32 pixels each, two in a row, with gaps of two.
    const { width, height } = await sharp(readFileSync(views)).metadata()
    assert.deepStrictEqual([width, height], [70, 70])
    const { nodes, data: known } = JSON.parse(await planned("--json"))
    assert.strictEqual(nodes.find(({ name }: { name: string }) => name === "resize:evaluation").state, "run")
    assert.deepStrictEqual(known, data)
    const brief = new RegExp(`real images: ${data.real.images}, melanoma .*synthetic images: 12`, "su")
    assert.match(await planned(), brief)
    // Another augmentation changes nothing of what is known of the images; another split does.
    assert.match(await planned("--set", "augment.preset=siim-winner", "--set", "augment.views=3"), brief)
    assert.match(await planned("--set", "split.seed=8"), /not described yet/u)
  })

  it("ends with the reason where the folder cannot be read", async () => {
    const folder = join(project.root, "no-images")
    mkdirSync(folder)
    writeFileSync(join(folder, "labels.csv"), "image,label\n")
    const { code, stderr } = await project.cli("data", "--set", `data.real=${folder}`)
    assert.strictEqual(code, 1)
    assert.include(stderr, "ingest:real")
    assert.include(stderr, "none of its 1 files is an image")
  })
})

describe("augment.transforms", () => {
  it("takes a list in place of the preset", () => {
    const list = transformsOf(decoded({ augment: { transforms: [{ _tag: "HorizontalFlip", p: 1 }] } }))
    assert.deepStrictEqual(list, [{ _tag: "HorizontalFlip", p: 1 }])
    assert.strictEqual(transformsOf(decoded({})), "original")
  })

  const albumentations = (name: string) => ({
    __version__: "1.1.0",
    transform: {
      __class_fullname__: "Compose",
      p: 1,
      transforms: [{ __class_fullname__: name, always_apply: false, p: 0.5 }]
    }
  })
  const written = (name: string) => {
    const path = join(project.root, `${name}.json`)
    writeFileSync(path, JSON.stringify(albumentations(name)))
    return decoded({ augment: { transforms: path } })
  }

  it("stands in the report as the transforms that applied, without the preset that did not", () => {
    const shown = (transforms: unknown) =>
      (comparison("fixture", decoded({ augment: { transforms } })).conclusion!.node.params as Shown).configuration
    type Shown = { readonly configuration: { readonly augment: unknown } }
    const flip = { _tag: "HorizontalFlip", p: 0.25 }
    const file = (name: string, list: unknown) => {
      const path = join(project.root, name)
      writeFileSync(path, JSON.stringify(list))
      return path
    }
    const applied = { transforms: [flip], views: 2, seed: 1 }
    assert.deepStrictEqual(shown([flip]).augment, applied)
    const from = (transform: object) => ({ transform: { __class_fullname__: "Compose", transforms: [transform] } })
    const one = file("one.json", from({ __class_fullname__: "HorizontalFlip", p: 0.25 }))
    assert.deepStrictEqual(shown(one).augment, applied)
    assert.deepStrictEqual(shown(file("two.json", JSON.parse(readFileSync(one, "utf8")))), shown(one))
    file("one.json", from({ __class_fullname__: "HorizontalFlip", p: 1 }))
    assert.deepStrictEqual(shown(one).augment, { ...applied, transforms: [{ ...flip, p: 1 }] })
    assert.deepStrictEqual(
      (comparison("fixture", decoded({})).conclusion!.node.params as Shown).configuration.augment,
      { preset: "original", views: 2, seed: 1 }
    )
  })

  it("takes the path of what albumentations wrote", () => {
    assert.deepStrictEqual(transformsOf(written("Transpose")), [{ _tag: "Transpose", p: 0.5 }])
  })

  it("names what cannot be honoured, and a file that is not there", () => {
    assert.throws(() => transformsOf(written("RandomFog")), /augment\.transforms: \/.*\/RandomFog\.json: .*RandomFog/su)
    assert.throws(() => transformsOf(decoded({ augment: { transforms: "/nowhere.json" } })), /nowhere\.json: ENOENT/u)
  })
})

it("marks named overrides in the report's notes", () => {
  const notesOf = (given: unknown) =>
    (comparison("fixture", decoded(given)).conclusion!.node.params as { notes: ReadonlyArray<string> }).notes.join(" ")
  const rule = "generator-trained-outside-train"
  assert.notInclude(notesOf({}), "allow")
  assert.include(notesOf({ balance: { allow: [rule] } }), `balance.allow = ["${rule}"]`)
  assert.include(notesOf({ split: { allow: ["group-in-two-splits"] } }), 'split.allow = ["group-in-two-splits"]')
})

describe("the wiring of the synthetic set", () => {
  const node = (given: unknown, name: string) =>
    nodesOf(comparison("fixture", decoded(given)).targets).find((one) => one.name === name)!
  const both = { real: "/real", synthetic: "/synthetic" }

  it("holds it against the real one, given or embedded", () => {
    for (const given of [{}, { data: both }]) {
      assert.strictEqual(node(given, "ingest:synthetic").inputs.get("against")?.name, "ingest:real")
      assert.isUndefined(node(given, "ingest:real").inputs.get("against"))
    }
  })

  it("lets the split see it only where that is drawn around its generator", () => {
    assert.isUndefined(node({ data: both }, "split").inputs.get("synthetic"))
    const around = node({ data: both, split: { by: "generator" } }, "split")
    assert.strictEqual(around.inputs.get("synthetic")?.name, "ingest:synthetic")
    for (const data of [{}, { real: "/real" }]) {
      assert.throws(() => node({ data, split: { by: "generator" } }, "split"), /data\.synthetic.* is not given/su)
    }
  })
})

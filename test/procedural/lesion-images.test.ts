import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import sharp from "sharp"
import { BalanceOptions, balance } from "../../src/dataset/balance.ts"
import { ingest, type Source } from "../../src/dataset/ingest.ts"
import { IngestOptions } from "../../src/dataset/options.ts"
import { SplitOptions, splitDataset } from "../../src/dataset/split.ts"
import { ganLikeImages } from "../../src/procedural/gan-like-images.ts"
import { drawLesion } from "../../src/procedural/lesion.ts"
import {
  drawPhotograph,
  type File,
  LesionSetOptions,
  lesionImages,
  photographs
} from "../../src/procedural/lesion-images.ts"

const options = (value: unknown = {}) => Schema.decodeUnknownSync(LesionSetOptions)(value)
const small = options({ patients: 24 })
const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex")

const source = (files: ReadonlyArray<File>): Source<never, never> => {
  const bytes = new Map(files.map((file) => [file.path, file.bytes]))
  return {
    files: files.map((file) => ({ path: file.path, digest: digest(file.bytes), size: file.bytes.length })),
    read: (entry) => Effect.succeed(bytes.get(entry.path)!),
    probe: (_entry, image) =>
      Effect.tryPromise({ try: () => sharp(image).metadata(), catch: (error) => ({ message: String(error) }) })
  }
}

describe("the procedural set", () => {
  it.effect("is the same bytes every time, and more patients leave the earlier ones as they are", () =>
    Effect.gen(function* () {
      const few = options({ patients: 3 })
      const first = yield* lesionImages(few)
      const again = yield* lesionImages(few)
      assert.deepStrictEqual(
        again.map(({ bytes }) => digest(bytes)),
        first.map(({ bytes }) => digest(bytes))
      )
      const known = new Set((yield* lesionImages(options({ patients: 4 }))).map(({ bytes }) => digest(bytes)))
      for (const { path, bytes } of first) assert.isTrue(path === "labels.csv" || known.has(digest(bytes)), path)
      const other = yield* lesionImages(options({ patients: 3, seed: 2 }))
      assert.notStrictEqual(digest(other[0]!.bytes), digest(first[0]!.bytes))
    })
  )

  it.effect("goes through ingest, split and balance with a second set made from its training images", () =>
    Effect.gen(function* () {
      const dataset = yield* ingest(source(yield* lesionImages(small)), Schema.decodeSync(IngestOptions)({}))
      assert.deepStrictEqual(
        dataset.rows.map(({ id, label, group }) => [id, label, group]),
        photographs(small).map(({ path, label, person }) => [path, label, `patient:${person}`])
      )
      assert.deepStrictEqual(dataset.warnings, [])
      for (const { width, height } of dataset.rows) {
        assert.isAtLeast(Math.min(width, height), 159)
        assert.isAtMost(Math.max(width, height), 320)
      }
      const split = yield* splitDataset(dataset, Schema.decodeSync(SplitOptions)({}))
      const fakes = yield* ganLikeImages({ seed: 1, count: 60, source: small, trainedOn: split.train })
      const synthetic = yield* ingest(source(fakes), Schema.decodeSync(IngestOptions)({ origin: "synthetic" }))
      assert.strictEqual(synthetic.rows.length, 60)
      for (const { label, width, height } of synthetic.rows)
        assert.deepStrictEqual([label, width, height], [1, 128, 128])
      const made = yield* balance(split, dataset, synthetic, Schema.decodeSync(BalanceOptions)({ syntheticRatio: 1 }))
      assert.strictEqual(made.provenance.status, "verified")
    })
  )

  it("has views that differ and lesions of either class and both orientations", () => {
    const all = photographs(options())
    assert.isAbove(all.filter(({ label }) => label === 1).length, 100)
    assert.isAbove(all.filter(({ label }) => label === 0).length, 200)
    const shapes = new Set(
      all.slice(0, 30).map((one) => {
        const { width, height } = drawPhotograph(options(), one)
        return width > height
      })
    )
    assert.strictEqual(shapes.size, 2)
  })
})

describe("the classes", () => {
  const auc = (separation: number, measure: (lesion: ReturnType<typeof drawLesion>) => number): number => {
    const values = ([0, 1] as const).map((label) =>
      Array.from({ length: 300 }, (_, i) => measure(drawLesion(1, `${label} ${i}`, label, separation)))
    )
    let above = 0
    for (const benign of values[0]!) for (const melanoma of values[1]!) above += melanoma > benign ? 1 : 0
    return above / 300 / 300
  }
  const border = ({ outline }: ReturnType<typeof drawLesion>) =>
    outline.slice(1).reduce((sum, [amplitude]) => sum + amplitude * amplitude, 0)
  const colours = ({ patches }: ReturnType<typeof drawLesion>) => patches.length + (patches[0]?.strength ?? 0)

  it("differ in border and colours, and overlap", () => {
    for (const measure of [border, colours]) {
      assert.isAbove(auc(2.2, measure), 0.65)
      assert.isBelow(auc(2.2, measure), 0.92)
    }
  })
  it("are one class at separation 0", () => {
    assert.closeTo(auc(0, border), 0.5, 0.06)
  })
})

describe("the GAN-like set", () => {
  it.effect("names only melanomas that it was allowed to use, and depends on no other image", () =>
    Effect.gen(function* () {
      const all = photographs(small)
      const allowed = all.slice(0, 30).map(({ path }) => path)
      const made = yield* ganLikeImages({ seed: 1, count: 3, source: small, trainedOn: allowed })
      const manifest = JSON.parse(new TextDecoder().decode(made.at(-1)!.bytes)) as { trainedOn: Array<string> }
      const melanomas = all.filter(({ path, label }) => label === 1 && allowed.includes(path))
      assert.deepStrictEqual(
        manifest.trainedOn,
        melanomas.map(({ path }) => path)
      )
      const benign = all.filter(({ label }) => label === 0).map(({ path }) => path)
      const same = yield* ganLikeImages({ seed: 1, count: 3, source: small, trainedOn: [...allowed, ...benign] })
      assert.deepStrictEqual(
        same.map(({ bytes }) => digest(bytes)),
        made.map(({ bytes }) => digest(bytes))
      )
      const more = yield* ganLikeImages({ seed: 1, count: 5, source: small, trainedOn: allowed })
      assert.strictEqual(digest(more[2]!.bytes), digest(made[2]!.bytes))
    })
  )
  it.effect("refuses to learn from nothing", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        ganLikeImages({ seed: 1, count: 3, source: small, trainedOn: ["images/none.jpg"] })
      )
      assert.strictEqual(error._tag, "NothingToLearn")
    })
  )
  it.effect("carries a checkerboard that the photographs do not", () =>
    Effect.gen(function* () {
      const checker = async (bytes: Uint8Array) => {
        const { data, info } = await sharp(bytes).greyscale().raw().toBuffer({ resolveWithObject: true })
        let sum = 0
        for (let y = 0; y < info.height; y++) {
          for (let x = 0; x < info.width; x++) sum += ((x + y) % 2 === 0 ? 1 : -1) * data[y * info.width + x]!
        }
        return Math.abs(sum) / (info.width * info.height)
      }
      const trainedOn = photographs(small).map(({ path }) => path)
      const [fake] = yield* ganLikeImages({ seed: 1, count: 1, source: small, trainedOn })
      const [real] = yield* lesionImages(options({ patients: 1 }))
      assert.isAbove(yield* Effect.promise(() => checker(fake!.bytes)), 1)
      assert.isBelow(yield* Effect.promise(() => checker(real!.bytes)), 0.2)
    })
  )
})

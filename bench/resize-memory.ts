/**
 * Peak memory of the stages augment and resize, by number of images and views: it should not grow with either.
 *
 *   npx tsx bench/resize-memory.ts [--images 1000,3000] [--views 1,8] [--folder FOLDER]
 *
 * Photographs of 1024 × 768 pixels, JPEG of quality 90: 20 pictures, each image one of them with a comment of its own,
 * so that all are read, decoded and rendered. Each case runs in a process of its own, which does the stage's work as a
 * run does (inputs from a store, item cache, output into the store); the peak is the greatest resident set of that
 * process, threads and libvips included. Prints one JSON line a case. The folder (a temporary one) takes about 170 KB
 * an image, and twice 48 KiB an image and view.
 */
import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import sharp from "sharp"
import type { AnyNode } from "../src/dag/stage.ts"
import type { Job, JobTree } from "../src/executor/executor.ts"
import { perform } from "../src/executor/perform.ts"
import { generator } from "../src/random/generator.ts"
import { digestOf } from "../src/store/digest.ts"
import { openStore } from "../src/store/store.ts"
import { Dataset } from "../stages/artifacts/dataset.ts"
import { Split } from "../stages/artifacts/split.ts"
import { augment } from "../stages/augment.ts"
import { balance } from "../stages/balance.ts"
import { ingest } from "../stages/ingest.ts"
import { resize } from "../stages/resize.ts"
import { split } from "../stages/split.ts"

const { values } = parseArgs({
  options: {
    images: { type: "string", default: "1000,3000" },
    views: { type: "string", default: "1,8" },
    folder: { type: "string" },
    /** One case, in this process. */
    case: { type: "string" }
  }
})
const [WIDTH, HEIGHT] = [1024, 768]

const picture = async (number: number): Promise<Uint8Array> => {
  const random = generator("bench-resize", number)
  const data = new Uint8Array(WIDTH * HEIGHT * 3)
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const inside = Math.hypot(x - WIDTH / 2, y - HEIGHT / 2) < HEIGHT * (0.2 + number / 100)
      for (const shade of inside ? [92, 58, 46] : [214, 168, 142]) data[at++] = shade + random.integer(13)
    }
  }
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer()
}

/** The JPEG with a comment after its first marker. */
const commented = (jpeg: Uint8Array, text: string): Uint8Array => {
  const comment = Buffer.from(text)
  const marker = Buffer.from([0xff, 0xfe, (comment.length + 2) >> 8, (comment.length + 2) & 255])
  return Buffer.concat([jpeg.subarray(0, 2), marker, comment, jpeg.subarray(2)])
}

const photographs = async (root: string, count: number): Promise<JobTree> => {
  mkdirSync(root, { recursive: true })
  const pictures = await Promise.all(Array.from({ length: 20 }, (_, number) => picture(number)))
  const files = Array.from({ length: count }, (_, index) => {
    const path = `${index}.jpg`
    const bytes = commented(pictures[index % pictures.length]!, path)
    writeFileSync(join(root, path), bytes)
    return { path, digest: digestOf(bytes), size: bytes.byteLength }
  })
  return { root, files }
}

/** Augments and resizes all of the images in this process. */
const work = Effect.fnUntraced(function* (folder: string, images: number, views: number) {
  const place = join(folder, "store")
  const store = yield* openStore(place)
  const tree = yield* Effect.promise(() => photographs(join(folder, "images"), images))
  const rows = tree.files.map(({ path, digest }, index) => ({
    id: path,
    path,
    digest,
    label: index % 3 === 0 ? (1 as const) : (0 as const),
    group: `image:${path}`,
    origin: "real" as const,
    width: WIDTH,
    height: HEIGHT,
    metadata: {}
  }))
  const dataset = {
    layout: "bench",
    table: null,
    origin: "real" as const,
    rows,
    unreadable: [],
    excluded: [],
    nearDuplicates: [],
    copies: [],
    warnings: [],
    manifest: null,
    melanomaRule: []
  }
  const part = { images: 0, groups: 0, melanoma: 0, benign: 0 }
  const inputs: Record<string, string> = {
    real: yield* store.blobs.write(Dataset.encode(dataset)),
    split: yield* store.blobs.write(
      Split.encode({
        by: "group",
        seed: 1,
        train: rows.map(({ id }) => id),
        validation: [],
        test: [],
        counts: { train: part, validation: part, test: part, crossingGroups: 0, crossingNearDuplicates: 0 },
        overrides: []
      })
    )
  }
  const run = (node: AnyNode, names: ReadonlyArray<string>) =>
    perform(
      node.stage,
      {
        node: node.name,
        bundle: "",
        store: place,
        params: node.stage.encodeParams(node.params),
        inputs: Object.fromEntries(names.map((name) => [name, inputs[name]!])),
        sources: {},
        above: [tree],
        trajectory: "t".repeat(64),
        recipe: "r".repeat(64),
        trusted: {},
        fresh: false
      } satisfies Job,
      () => Effect.void
    )
  const real = ingest.node({ params: {}, inputs: { files: undefined, against: undefined, againstFiles: undefined } })
  const parts = split.node({ params: { by: "group" }, inputs: { dataset: real, synthetic: undefined } })
  const training = balance.node({ params: {}, inputs: { split: parts, real, synthetic: undefined } })
  const plan = augment.node({
    params: { transforms: "original", seed: 1, views },
    inputs: { balance: training, real, synthetic: undefined }
  })
  const pack = resize.node({
    params: { side: 128 },
    inputs: { plan, split: parts, real, synthetic: undefined, files: {} }
  })
  const peak = () => Math.round(process.resourceUsage().maxRSS / 1024)
  const before = peak()
  inputs.balance = (yield* run(training, ["split", "real"])).digest
  inputs.plan = (yield* run(plan, ["balance", "real"])).digest
  const planned = peak()
  const start = performance.now()
  const { size } = yield* run(pack, ["plan", "split", "real"])
  return {
    images,
    views,
    peakMiB: peak(),
    afterPlanMiB: planned,
    beforeMiB: before,
    planMiB: Math.round(((yield* store.blobs.sizeOf(inputs.plan)) ?? 0) / 2 ** 20),
    packMiB: Math.round(size / 2 ** 20),
    seconds: Math.round((performance.now() - start) / 1000)
  }
})

if (values.case !== undefined) {
  const [images, views] = values.case.split(",").map(Number) as [number, number]
  console.log(JSON.stringify(await Effect.runPromise(work(values.folder!, images, views))))
} else {
  for (const images of values.images.split(",")) {
    for (const views of values.views.split(",")) {
      const folder = mkdtempSync(join(values.folder ?? tmpdir(), "bench-resize-"))
      try {
        const own = ["--import", "tsx", import.meta.filename, "--case", `${images},${views}`, "--folder", folder]
        console.log(execFileSync(process.execPath, own, { encoding: "utf8" }).trim())
      } finally {
        rmSync(folder, { recursive: true })
      }
    }
  }
}

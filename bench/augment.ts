/**
 * Speed of JPEG bytes → one augmented 128 × 128 view with the original's list, per core, beside albumentations.
 *
 *   npx tsx bench/augment.ts [--repeat 200] [--views 1,4] [--peer ALBUMENTATIONS_PARENT_DIR] [--python python3]
 *
 * Ours is timed in one thread after another (one image at a time), by processor time, user and system, of the whole
 * process, decoding threads included: what one core gets done. The peer runs `bench/augment_peer.py` in Python, single
 * threaded, on the same files, also by processor time. Prints one JSON line a file and number of views.
 */
import { execFile } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs, promisify } from "node:util"
import * as Effect from "effect/Effect"
import sharp from "sharp"
import { augmentationPlan } from "../src/image/plan.ts"
import { renderViews } from "../src/image/render.ts"
import { generator } from "../src/random/generator.ts"

const { values } = parseArgs({
  options: {
    repeat: { type: "string", default: "200" },
    views: { type: "string", default: "1,4" },
    peer: { type: "string" },
    python: { type: "string", default: "python3" }
  }
})
const repeat = Number(values.repeat)
const SIZES = [
  [600, 450],
  [1024, 768]
] as const

/** A lesion-like photograph with grain, as a JPEG of quality 90. */
const jpeg = async (width: number, height: number): Promise<Uint8Array> => {
  const random = generator("bench", width)
  const data = new Uint8Array(width * height * 3)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside = Math.hypot(x - width / 2, y - height / 2) < height * (0.25 + 0.03 * Math.sin(x / 17))
      for (const shade of inside ? [92, 58, 46] : [214, 168, 142]) data[at++] = shade + random.integer(13) + (x >> 6)
    }
  }
  return new Uint8Array(
    await sharp(data, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 90 })
      .toBuffer()
  )
}

/** Processor seconds for an image: the median of five rounds. */
const ours = async (bytes: Uint8Array, width: number, height: number, views: number): Promise<number> => {
  const rows = Array.from({ length: repeat }, (_, index) => ({ digest: `${index}`, width, height }))
  const images = [...augmentationPlan("original", 1, views, rows).images]
  const round = async (): Promise<number> => {
    const before = process.cpuUsage()
    for (const image of images) await Effect.runPromise(renderViews(bytes, image.views, 128, { name: "bench" }))
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1e6 / images.length
  }
  await round()
  const rounds = [await round(), await round(), await round(), await round(), await round()]
  return rounds.sort((a, b) => a - b)[2]!
}

const folder = await mkdtemp(join(tmpdir(), "bench-augment-"))
try {
  for (const [width, height] of SIZES) {
    const bytes = await jpeg(width, height)
    const file = join(folder, `${width}x${height}.jpg`)
    await writeFile(file, bytes)
    let peer: number | undefined
    if (values.peer !== undefined) {
      const script = join(import.meta.dirname, "augment_peer.py")
      const run = await promisify(execFile)(values.python, [script, values.peer, file, values.repeat])
      peer = (JSON.parse(run.stdout) as { secondsPerImage: number }).secondsPerImage
    }
    for (const views of values.views.split(",").map(Number)) {
      const seconds = await ours(bytes, width, height, views)
      const line = {
        size: `${width}x${height}`,
        views,
        imagesPerSecond: Math.round(1 / seconds),
        viewsPerSecond: Math.round(views / seconds),
        millisecondsPerView: Number(((1000 * seconds) / views).toFixed(2)),
        ...(peer === undefined
          ? {}
          : { peerViewsPerSecond: Math.round(1 / peer), ratio: Number(((peer * views) / seconds).toFixed(2)) })
      }
      console.log(JSON.stringify(line))
    }
  }
} finally {
  await rm(folder, { recursive: true })
}

/**
 * Recall and false alarms of the near-duplicate finder on a folder of photographs that are all different (one a lesion).
 *
 *   npx tsx bench/near-duplicates.ts FOLDER [--limit 1000] [--against OTHER]
 *
 * Every image and one altered copy of it, a different alteration in each round, are searched together. A found pair is
 * right when it is an image with its copy; any other is a false alarm. Prints one JSON line an alteration. With --against
 * the images of FOLDER are only compared with those of OTHER, among which the copies are put: a GAN's, say.
 */
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import sharp, { type Sharp } from "sharp"
import { fingerprint } from "../src/image/fingerprint.ts"
import { findNearDuplicates } from "../src/image/near-duplicates.ts"

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { limit: { type: "string", default: "1000" }, against: { type: "string" } }
})
const folder = positionals[0]
if (folder === undefined) throw new Error("usage: npx tsx bench/near-duplicates.ts FOLDER [--limit 1000]")

interface Source {
  readonly image: Sharp
  readonly width: number
  readonly height: number
}
/** The part of the image that is left when `part` of each length is cut off at the given sides. */
const cropped = ({ image, width, height }: Source, left: number, top: number, right: number, bottom: number): Sharp =>
  image.extract({
    left: Math.round(left * width),
    top: Math.round(top * height),
    width: Math.round((1 - left - right) * width),
    height: Math.round((1 - top - bottom) * height)
  })
const q = (image: Sharp, quality: number): Sharp => image.jpeg({ quality })

const ALTERATIONS: Readonly<Record<string, (source: Source) => Sharp | Promise<Sharp>>> = {
  "quality 60": ({ image }) => q(image, 60),
  "3 % cut off in all": (it) => q(cropped(it, 0.015, 0.015, 0.015, 0.015), 90),
  "3 % cut off at one corner": (it) => q(cropped(it, 0, 0, 0.03, 0.03), 90),
  "3 % cut off on each side": (it) => q(cropped(it, 0.03, 0.03, 0.03, 0.03), 90),
  "flipped, quality 60": ({ image }) => q(image.flop(), 60),
  "quarter turn, quality 60": ({ image }) => q(image.rotate(90), 60),
  "3 % cut off at a corner, turned, flipped, reduced to 128, quality 60": async (it) => {
    const part = await cropped(it, 0.03, 0, 0, 0.03).png().toBuffer()
    return q(sharp(part).rotate(270).flip().resize(128, 128, { fit: "fill" }), 60)
  }
}

const bytes = new Map<string, Uint8Array>()
/** The images of a folder, by their keys. */
const read = async (from: string, prefix: string): Promise<ReadonlyArray<string>> => {
  const files = (await readdir(from, { recursive: true }))
    .filter((file) => /\.(jpe?g|png)$/iu.test(file))
    .sort()
    .slice(0, Number(values.limit))
  for (const file of files) bytes.set(`${prefix}${file}`, new Uint8Array(await readFile(join(from, file))))
  return files.map((file) => `${prefix}${file}`)
}
const files = await read(folder, "")
const others = values.against === undefined ? [] : await read(values.against, "other: ")

const hashed = (key: string) =>
  Effect.map(fingerprint(bytes.get(key)!, { name: key }), ({ hash }) => ({
    key,
    hash,
    ...(values.against === undefined ? {} : { set: /^(other|copy of)/u.test(key) ? "other" : "folder" })
  }))
const allHashed = (keys: ReadonlyArray<string>) => Effect.runPromise(Effect.forEach(keys, hashed, { concurrency: 2 }))
const originals = await allHashed([...files, ...others])

for (const [name, alter] of Object.entries(ALTERATIONS)) {
  for (const file of files) {
    const image = sharp(bytes.get(file)!)
    const { width, height } = await image.metadata()
    const once = await alter({ image, width, height })
    bytes.set(`copy of ${file}`, new Uint8Array(await once.toBuffer()))
  }
  const copies = await allHashed(files.map((file) => `copy of ${file}`))
  const before = process.cpuUsage()
  const found = await Effect.runPromise(
    findNearDuplicates([...originals, ...copies], (key) => Effect.succeed(bytes.get(key)!))
  )
  const { user, system } = process.cpuUsage(before)
  const right = found.filter(({ a, b }) => b === `copy of ${a}`)
  const names = (pair: string) => pair.replace("copy of ", "")
  const wrong = new Set(
    found.filter(({ a, b }) => names(a) !== names(b)).map(({ a, b }) => [names(a), names(b)].sort().join(" ~ "))
  )
  console.log(
    JSON.stringify({
      alteration: name,
      images: files.length,
      ...(values.against === undefined ? {} : { others: others.length }),
      recall: Number((right.length / files.length).toFixed(4)),
      falsePairs: wrong.size,
      lowestCorrelation: Number(Math.min(...right.map(({ correlation }) => correlation)).toFixed(3)),
      processorSeconds: Number(((user + system) / 1e6).toFixed(1)),
      ...(wrong.size === 0 ? {} : { wrong: [...wrong].slice(0, 5) })
    })
  )
}

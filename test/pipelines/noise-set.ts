/** Data sets of noise for the pipelines' tests: small, with patients and a declared split; `spoil` breaks one rule. */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import sharp from "sharp"
import { generator } from "../../src/random/generator.ts"

const draw = async (path: string, shade: number): Promise<Uint8Array<ArrayBuffer>> => {
  const noise = Uint8Array.from({ length: 32 * 32 * 3 }, (_, at) => generator("noise", shade, at).integer(256))
  const bytes = await sharp(noise, { raw: { width: 32, height: 32, channels: 3 } })
    .png()
    .toBuffer()
  writeFileSync(path, bytes)
  return Uint8Array.from(bytes)
}

export interface Made {
  readonly real: string
  readonly synthetic: string
}

export interface Spoil {
  readonly patient?: (index: number) => string
  readonly trainedOn?: ReadonlyArray<string>
  /** A synthetic file `malignant_9.png` with the bytes of this real one. */
  readonly copy?: number
}

/** 24 real images (12 train, 6 validation, 6 test) and 4 synthetic melanomas, in folders of `root`. */
export const makeNoiseSet = async (root: string, spoil: Spoil = {}): Promise<Made> => {
  const [real, synthetic] = [join(root, "real"), join(root, "synthetic")]
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

/** Values of settings as arguments of the command line. */
export const setting = (values: Readonly<Record<string, unknown>>): ReadonlyArray<string> =>
  Object.entries(values).flatMap(([name, value]) => [
    "--set",
    `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`
  ])

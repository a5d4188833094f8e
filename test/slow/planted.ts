/** Data sets whose answer is known: few real training images, and "GAN images" that are made to help, to add nothing or to harm. */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import sharp from "sharp"
import { plantedImage, side } from "./planted-images.ts"

/**
 * `draws`: in the real training images it is the mark that tells the classes, and not the spot; in the test images it is
 * the spot alone, and the synthetic ones are further draws like these. `copies`: the same real images, and their copies.
 * `swapped`: real images like those of the test, and further draws under the other class's name.
 */
export type Plant = "draws" | "copies" | "swapped"

const parts = [
  ["train", 60],
  ["val", 40],
  ["test", 200]
] as const
const added = 240

const write = (path: string, key: string, label: number, marked: boolean) =>
  sharp(plantedImage(key, label, marked), { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toFile(path)

/** Two of four, of either class. */
const half = (row: number): boolean => row % 4 < 2

/** Two folders: `real`, every image a patient of its own, with a declared split; and `synthetic`. */
export const plant = async (root: string, kind: Plant): Promise<{ real: string; synthetic: string }> => {
  const [real, synthetic] = [join(root, "real"), join(root, "synthetic")]
  mkdirSync(real, { recursive: true })
  mkdirSync(synthetic, { recursive: true })
  const faulty = (part: string) => part === "train" && kind !== "swapped"
  const drawn = (part: string, row: number, path: string) =>
    faulty(part)
      ? write(path, `${part}${row}`, half(row) ? 1 : 0, row % 2 === 1)
      : write(path, `${part}${row}`, row % 2, half(row))
  const lines = ["image,patient_id,melanoma,split"]
  for (const [part, count] of parts) {
    for (let row = 0; row < count; row++) {
      const name = `${part}${row}.png`
      lines.push(`${name},${part}-${row},${row % 2},${part}`)
      await drawn(part, row, join(real, name))
    }
  }
  writeFileSync(join(real, "labels.csv"), `${lines.join("\n")}\n`)
  for (let row = 0; row < added; row++) {
    const label = kind === "swapped" ? 1 - (row % 2) : row % 2
    const path = join(synthetic, `${label === 1 ? "malignant" : "benign"}_${String(row).padStart(4, "0")}.png`)
    if (kind === "copies") await drawn("train", row % parts[0][1], path)
    else await write(path, `drawn${row}`, row % 2, half(row))
  }
  return { real, synthetic }
}

/** Small pictures for the report's fixtures, drawn here: a dark blob on skin, and a heat map over it. */
import sharp from "sharp"
import { generator } from "../../src/random/generator.ts"

const size = 128

const encode = async (pixel: (x: number, y: number) => readonly [number, number, number]): Promise<string> => {
  const bytes = new Uint8Array(size * size * 3)
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      bytes.set(
        pixel(x, y).map((value) => Math.max(0, Math.min(255, value))),
        (y * size + x) * 3
      )
  const png = await sharp(bytes, { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toBuffer()
  return png.toString("base64")
}

export const lesion = (name: string, hot = false): Promise<string> => {
  const random = generator("report fixture", "lesion", name)
  const [cx, cy, r] = [random.uniform(50, 78), random.uniform(50, 78), random.uniform(22, 40)]
  const waves = Array.from({ length: 5 }, () => [random.uniform(0, 6.28), random.uniform(0, 0.12)] as const)
  const tone = random.uniform(-14, 14)
  return encode((x, y) => {
    const angle = Math.atan2(y - cy, x - cx)
    const edge =
      r * (1 + waves.reduce((sum, [phase, height], k) => sum + height * Math.sin((k + 2) * angle + phase), 0))
    const inside = 1 / (1 + Math.exp((Math.hypot(x - cx, y - cy) - edge) / 2.5))
    const grain = 5 * Math.sin(x * 0.9 + y * 0.31) * Math.sin(y * 0.7 - x * 0.2)
    const skin = [222 + tone, 178 + tone, 158 + tone] as const
    const colour = skin.map(
      (value, channel) => value - inside * [128, 118, 104][channel]! + grain * (0.4 + inside)
    ) as [number, number, number]
    if (!hot) return colour
    const heat = Math.exp(-(((x - cx - 14) / 26) ** 2) - ((y - cy + 8) / 24) ** 2)
    return [
      colour[0] * (1 - heat * 0.6) + heat * 190,
      colour[1] * (1 - heat * 0.6) + heat * 60,
      colour[2] * (1 - heat * 0.6)
    ]
  })
}

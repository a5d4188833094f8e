/**
 * The spectrum of an image as features: generators leave traces in the high frequencies (up-convolutions), which a network
 * can learn though nobody sees them (Durall, Keuper & Keuper 2020, "Watch your up-convolution"; Dzanic et al. 2020).
 */
import type { Features } from "./features.ts"

/** Discrete Fourier transform of `n` complex numbers at `stride`: halved while even, by its definition where odd. */
const transform = (re: Float64Array, im: Float64Array): void => {
  const n = re.length
  if (n === 1) return
  if (n % 2 === 1) {
    const [a, b] = [re.slice(), im.slice()]
    for (let k = 0; k < n; k++) {
      let [x, y] = [0, 0]
      for (let j = 0; j < n; j++) {
        const angle = (-2 * Math.PI * ((j * k) % n)) / n
        x += a[j]! * Math.cos(angle) - b[j]! * Math.sin(angle)
        y += a[j]! * Math.sin(angle) + b[j]! * Math.cos(angle)
      }
      re[k] = x
      im[k] = y
    }
    return
  }
  const half = n / 2
  const pick = (from: Float64Array, start: number) =>
    Float64Array.from({ length: half }, (_, k) => from[2 * k + start]!)
  const [evenRe, evenIm, oddRe, oddIm] = [pick(re, 0), pick(im, 0), pick(re, 1), pick(im, 1)]
  transform(evenRe, evenIm)
  transform(oddRe, oddIm)
  for (let k = 0; k < half; k++) {
    const [c, s] = [Math.cos((-2 * Math.PI * k) / n), Math.sin((-2 * Math.PI * k) / n)]
    const x = oddRe[k]! * c - oddIm[k]! * s
    const y = oddRe[k]! * s + oddIm[k]! * c
    re[k] = evenRe[k]! + x
    im[k] = evenIm[k]! + y
    re[k + half] = evenRe[k]! - x
    im[k + half] = evenIm[k]! - y
  }
}

/**
 * Log power in rings of frequency for `count` RGB images of `size` × `size` (uint8, count × size × size × 3): luminance
 * (Rec. 601) under a Hann window, 2-D transform, mean power of every ring of one cycle an image, ln(1 + power). Rings run
 * from a quarter of the Nyquist frequency to all of it: columns = size/2 − ⌈size/8⌉ + 1. Features of one size compare.
 */
export const spectrumFeatures = (images: Uint8Array, count: number, size: number): Features => {
  const first = Math.ceil(size / 8)
  const last = Math.floor(size / 2)
  const columns = last - first + 1
  const data = new Float32Array(count * columns)
  const window = Float64Array.from({ length: size }, (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (at + 0.5)) / size))
  for (let image = 0; image < count; image++) {
    const re = Array.from({ length: size }, (_, y) =>
      Float64Array.from({ length: size }, (_, x) => {
        const at = ((image * size + y) * size + x) * 3
        return (0.299 * images[at]! + 0.587 * images[at + 1]! + 0.114 * images[at + 2]!) * window[x]! * window[y]!
      })
    )
    const im = re.map((row) => new Float64Array(row.length))
    re.forEach((row, y) => {
      transform(row, im[y]!)
    })
    const power = new Float64Array(columns)
    const cells = new Uint32Array(columns)
    for (let x = 0; x < size; x++) {
      const columnRe = Float64Array.from(re, (row) => row[x]!)
      const columnIm = Float64Array.from(im, (row) => row[x]!)
      transform(columnRe, columnIm)
      for (let y = 0; y < size; y++) {
        const ring = Math.round(Math.hypot(Math.min(x, size - x), Math.min(y, size - y))) - first
        if (ring < 0 || ring >= columns) continue
        power[ring]! += columnRe[y]! ** 2 + columnIm[y]! ** 2
        cells[ring]!++
      }
    }
    for (let ring = 0; ring < columns; ring++) data[image * columns + ring] = Math.log1p(power[ring]! / cells[ring]!)
  }
  return { rows: count, columns, data }
}

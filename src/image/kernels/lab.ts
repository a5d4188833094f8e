/**
 * sRGB ↔ CIE L*a*b* (D65) in 8 bits as OpenCV stores it: L · 255 / 100, a + 128, b + 128.
 * Formulas: IEC 61966-2-1 (sRGB), CIE 15:2004 (L*a*b*).
 */

const linear = Float64Array.from({ length: 256 }, (_, v) => {
  const x = v / 255
  return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4
})

const compand = (x: number): number => (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055)
/** Linear light 0…1 in 4095 steps → 8-bit sRGB. Fine enough above black that neighbours differ by at most one level. */
const STEPS = 4095
const companded = Uint8Array.from({ length: STEPS + 1 }, (_, i) => Math.round(255 * compand(i / STEPS)))
const toByte = (x: number): number => companded[x <= 0 ? 0 : x >= 1 ? STEPS : Math.round(x * STEPS)]!

const XN = 0.950456
const ZN = 1.088754

/** Linear light in steps of 1/2040, and f(t) of the CIE formula at each step, in 1/32768: OpenCV's resolution. */
const LIGHT = 255 * 8
const light = Int32Array.from(linear, (x) => Math.round(x * LIGHT))
const ROOT_BITS = 15
const roots = Int32Array.from({ length: Math.ceil(LIGHT * 1.5) }, (_, i) => {
  const t = i / LIGHT
  return Math.round((1 << ROOT_BITS) * (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116))
})
/** The weight of a primary in X, Y or Z relative to white, in 1/4096. */
const MATRIX_BITS = 12
const weight = (value: number): number => Math.round(value * (1 << MATRIX_BITS))
const [XR, XG, XB] = [weight(0.412453 / XN), weight(0.35758 / XN), weight(0.180423 / XN)] as const
const [YR, YG, YB] = [weight(0.212671), weight(0.71516), weight(0.072169)] as const
const [ZR, ZG, ZB] = [weight(0.019334 / ZN), weight(0.119193 / ZN), weight(0.950227 / ZN)] as const
const descale = (value: number, bits: number): number => (value + (1 << (bits - 1))) >> bits

const inverse = (t: number): number => (t > 0.206893 ? t * t * t : (t - 16 / 116) / 7.787)

/** RGB → L, a, b, side by side. L · 255 / 100 = 295.8 f − 40.8, where OpenCV has 296 f. */
export const rgbToLab = (rgb: Uint8Array): Uint8Array => {
  const lab = new Uint8ClampedArray(rgb.length)
  const half = 128 << ROOT_BITS
  const black = Math.floor((16 * 255 * (1 << ROOT_BITS) + 50) / 100)
  for (let i = 0; i < rgb.length; i += 3) {
    const r = light[rgb[i]!]!
    const g = light[rgb[i + 1]!]!
    const b = light[rgb[i + 2]!]!
    const fx = roots[descale(r * XR + g * XG + b * XB, MATRIX_BITS)]!
    const fy = roots[descale(r * YR + g * YG + b * YB, MATRIX_BITS)]!
    const fz = roots[descale(r * ZR + g * ZG + b * ZB, MATRIX_BITS)]!
    lab[i] = descale(296 * fy - black, ROOT_BITS)
    lab[i + 1] = descale(500 * (fx - fy) + half, ROOT_BITS)
    lab[i + 2] = descale(200 * (fy - fz) + half, ROOT_BITS)
  }
  return new Uint8Array(lab.buffer)
}

export const labToRgb = (lab: Uint8Array): Uint8Array => {
  const rgb = new Uint8Array(lab.length)
  for (let i = 0; i < lab.length; i += 3) {
    const fy = ((lab[i]! * 100) / 255 + 16) / 116
    const x = XN * inverse(fy + (lab[i + 1]! - 128) / 500)
    const y = inverse(fy)
    const z = ZN * inverse(fy - (lab[i + 2]! - 128) / 200)
    rgb[i] = toByte(3.240479 * x - 1.53715 * y - 0.498535 * z)
    rgb[i + 1] = toByte(-0.969256 * x + 1.875991 * y + 0.041556 * z)
    rgb[i + 2] = toByte(0.055648 * x - 0.204043 * y + 1.057311 * z)
  }
  return rgb
}

/** Sums over the pixels of an image: (N, P, C) to (N, C). */
import { madd } from "./arithmetic"
import { address, float, int } from "./job"

/** Sixteen channels from `lane` on, which are a cache line: see `pool`. */
function poolLine(x: usize, y: usize, start: usize, pixels: i32, row: usize, to: usize, factor: v128): void {
  let t0 = f32x4.splat(0)
  let t1 = t0
  let t2 = t0
  let t3 = t0
  let at = start
  for (let p = 0; p < pixels; p += 64) {
    const end = start + <usize>min(pixels, p + 64) * row
    let s0 = f32x4.splat(0)
    let s1 = s0
    let s2 = s0
    let s3 = s0
    if (y === 0) {
      for (; at < end; at += row) {
        s0 = f32x4.add(s0, v128.load(x + at))
        s1 = f32x4.add(s1, v128.load(x + at, 16))
        s2 = f32x4.add(s2, v128.load(x + at, 32))
        s3 = f32x4.add(s3, v128.load(x + at, 48))
      }
    } else {
      for (; at < end; at += row) {
        s0 = madd(v128.load(x + at), v128.load(y + at), s0)
        s1 = madd(v128.load(x + at, 16), v128.load(y + at, 16), s1)
        s2 = madd(v128.load(x + at, 32), v128.load(y + at, 32), s2)
        s3 = madd(v128.load(x + at, 48), v128.load(y + at, 48), s3)
      }
    }
    t0 = f32x4.add(t0, s0)
    t1 = f32x4.add(t1, s1)
    t2 = f32x4.add(t2, s2)
    t3 = f32x4.add(t3, s3)
  }
  v128.store(to, f32x4.mul(t0, factor))
  v128.store(to, f32x4.mul(t1, factor), 16)
  v128.store(to, f32x4.mul(t2, factor), 32)
  v128.store(to, f32x4.mul(t3, factor), 48)
}

/**
 * out[n, c] = factor * sum over pixels of x, or of x * y where y is given. A chunk is an image. Sums run over 64
 * pixels, then over those sums; the last channels, no 16 of them, are summed in float64.
 */
export function pool(chunk: i32): void {
  const x = address(0)
  const y = address(1)
  const out = address(2)
  const pixels = int(3)
  const channels = int(4)
  const factor = float(0)
  const row = (<usize>channels) << 2
  const start = <usize>chunk * <usize>pixels * row
  const to = out + <usize>chunk * row
  let c = 0
  for (; c + 16 <= channels; c += 16) {
    const lane = (<usize>c) << 2
    poolLine(x, y, start + lane, pixels, row, to + lane, f32x4.splat(factor))
  }
  for (; c < channels; c++) {
    const lane = (<usize>c) << 2
    let at = start + lane
    let sum: f64 = 0
    for (let p = 0; p < pixels; p++) {
      const value = <f64>load<f32>(x + at)
      sum += y === 0 ? value : value * <f64>load<f32>(y + at)
      at += row
    }
    store<f32>(to + lane, <f32>(sum * <f64>factor))
  }
}

/**
 * The gradient of batch norm over rows of channels (R, C), or of swish after it: then dy is first taken through the
 * slope of swish at the norm's output, which is computed again from x. Sums as in moments.ts; deviations from the mean
 * keep the products small.
 */
import { madd, sigmoid, swishSlope } from "./arithmetic"
import { address, float, int } from "./job"

const TOGETHER = 4

/** dy, or dy * swish'(x * factor + offset), of one number. */
function upstreamOne(dy: usize, x: usize, swished: bool, factor: usize, offset: usize): f32 {
  if (!swished) return load<f32>(dy)
  const z = madd(v128.load32_splat(x), v128.load32_splat(factor), v128.load32_splat(offset))
  return f32x4.extract_lane(f32x4.mul(v128.load32_splat(dy), swishSlope(z, sigmoid(z))), 0)
}

/** parts[p] = [sum of g, sum of g * (x - mean)], g being dy or dy through swish. A chunk is a part. */
export function gradientParts(chunk: i32): void {
  const x = address(0)
  const parts = address(1)
  const rows = int(2)
  const channels = int(3)
  const block = int(4)
  const dy = address(5)
  const mean = address(6)
  const factor = address(7)
  const offset = address(8)
  const swished = factor !== 0
  const first = chunk * block
  const count = min(rows, first + block) - first
  const row = (<usize>channels) << 2
  const sums = parts + <usize>chunk * row * 2
  const products = sums + row
  memory.fill(sums, 0, row * 2)
  let start = <usize>first * row
  for (let r = 0; r < count; r += TOGETHER) {
    const end = start + <usize>min(TOGETHER, count - r) * row
    let c = 0
    for (; c + 8 <= channels; c += 8) {
      const lane = (<usize>c) << 2
      const m0 = v128.load(mean + lane)
      const m1 = v128.load(mean + lane, 16)
      let s0 = v128.load(sums + lane)
      let s1 = v128.load(sums + lane, 16)
      let q0 = v128.load(products + lane)
      let q1 = v128.load(products + lane, 16)
      if (swished) {
        for (let at = start + lane; at < end; at += row) {
          const x0 = v128.load(x + at)
          const x1 = v128.load(x + at, 16)
          const d0 = v128.load(dy + at)
          const d1 = v128.load(dy + at, 16)
          const z0 = madd(x0, v128.load(factor + lane), v128.load(offset + lane))
          const z1 = madd(x1, v128.load(factor + lane, 16), v128.load(offset + lane, 16))
          const t0 = sigmoid(z0)
          const t1 = sigmoid(z1)
          const g0 = f32x4.mul(d0, swishSlope(z0, t0))
          const g1 = f32x4.mul(d1, swishSlope(z1, t1))
          s0 = f32x4.add(s0, g0)
          s1 = f32x4.add(s1, g1)
          q0 = madd(g0, f32x4.sub(x0, m0), q0)
          q1 = madd(g1, f32x4.sub(x1, m1), q1)
        }
      } else {
        for (let at = start + lane; at < end; at += row) {
          const g0 = v128.load(dy + at)
          const g1 = v128.load(dy + at, 16)
          s0 = f32x4.add(s0, g0)
          s1 = f32x4.add(s1, g1)
          q0 = madd(g0, f32x4.sub(v128.load(x + at), m0), q0)
          q1 = madd(g1, f32x4.sub(v128.load(x + at, 16), m1), q1)
        }
      }
      v128.store(sums + lane, s0)
      v128.store(sums + lane, s1, 16)
      v128.store(products + lane, q0)
      v128.store(products + lane, q1, 16)
    }
    for (; c < channels; c++) {
      const lane = (<usize>c) << 2
      const m = load<f32>(mean + lane)
      for (let at = start + lane; at < end; at += row) {
        const g = upstreamOne(dy + at, x + at, swished, factor + lane, offset + lane)
        store<f32>(sums + lane, load<f32>(sums + lane) + g)
        store<f32>(products + lane, load<f32>(products + lane) + g * (load<f32>(x + at) - m))
      }
    }
    start = end
  }
}

/** The gradients of scale and shift from the parts. One chunk. */
export function gradientTotals(_chunk: i32): void {
  const parts = address(0)
  const variance = address(1)
  const scaleGradient = address(2)
  const shiftGradient = address(3)
  const channels = int(4)
  const count = int(5)
  const epsilon = <f64>float(0)
  const row = (<usize>channels) << 2
  for (let c = 0; c < channels; c++) {
    const lane = (<usize>c) << 2
    let sum: f64 = 0
    let products: f64 = 0
    let from = parts + lane
    for (let p = 0; p < count; p++) {
      sum += <f64>load<f32>(from)
      products += <f64>load<f32>(from + row)
      from += row * 2
    }
    store<f32>(shiftGradient + lane, <f32>sum)
    store<f32>(scaleGradient + lane, <f32>(products / Math.sqrt(<f64>load<f32>(variance + lane) + epsilon)))
  }
}

/** a, b, d with which dx = a * g + b * x + d (Ioffe and Szegedy 2015, section 3). One chunk. */
export function inputFactors(_chunk: i32): void {
  const scale = address(0)
  const mean = address(1)
  const variance = address(2)
  const scaleGradient = address(3)
  const shiftGradient = address(4)
  const out = address(5)
  const channels = int(6)
  const rows = <f64>int(7)
  const epsilon = <f64>float(0)
  const row = (<usize>channels) << 2
  for (let c = 0; c < channels; c++) {
    const lane = (<usize>c) << 2
    const inverse = 1 / Math.sqrt(<f64>load<f32>(variance + lane) + epsilon)
    const a = <f64>load<f32>(scale + lane) * inverse
    const b = (-a * inverse * <f64>load<f32>(scaleGradient + lane)) / rows
    store<f32>(out + lane, <f32>a)
    store<f32>(out + row + lane, <f32>b)
    store<f32>(
      out + row * 2 + lane,
      <f32>((-a * <f64>load<f32>(shiftGradient + lane)) / rows - b * <f64>load<f32>(mean + lane))
    )
  }
}

/** dx = a * g + b * x + d by channel. A chunk is `block` rows. */
export function inputGradient(chunk: i32): void {
  const x = address(0)
  const dy = address(1)
  const a = address(2)
  const dx = address(3)
  const rows = int(4)
  const channels = int(5)
  const block = int(6)
  const factor = address(7)
  const offset = address(8)
  const swished = factor !== 0
  const row = (<usize>channels) << 2
  const b = a + row
  const d = b + row
  const last = min(rows, (chunk + 1) * block)
  const whole = (<usize>(channels & ~7)) << 2
  let at = <usize>(chunk * block) * row
  for (let r = chunk * block; r < last; r++) {
    let lane: usize = 0
    if (swished) {
      for (; lane < whole; lane += 32) {
        const x0 = v128.load(x + at)
        const x1 = v128.load(x + at, 16)
        const z0 = madd(x0, v128.load(factor + lane), v128.load(offset + lane))
        const z1 = madd(x1, v128.load(factor + lane, 16), v128.load(offset + lane, 16))
        const t0 = sigmoid(z0)
        const t1 = sigmoid(z1)
        const g0 = f32x4.mul(v128.load(dy + at), swishSlope(z0, t0))
        const g1 = f32x4.mul(v128.load(dy + at, 16), swishSlope(z1, t1))
        const y0 = madd(g0, v128.load(a + lane), madd(x0, v128.load(b + lane), v128.load(d + lane)))
        const y1 = madd(g1, v128.load(a + lane, 16), madd(x1, v128.load(b + lane, 16), v128.load(d + lane, 16)))
        v128.store(dx + at, y0)
        v128.store(dx + at, y1, 16)
        at += 32
      }
    } else {
      for (; lane < whole; lane += 32) {
        const x0 = madd(v128.load(x + at), v128.load(b + lane), v128.load(d + lane))
        const x1 = madd(v128.load(x + at, 16), v128.load(b + lane, 16), v128.load(d + lane, 16))
        const y0 = madd(v128.load(dy + at), v128.load(a + lane), x0)
        const y1 = madd(v128.load(dy + at, 16), v128.load(a + lane, 16), x1)
        v128.store(dx + at, y0)
        v128.store(dx + at, y1, 16)
        at += 32
      }
    }
    for (; lane < row; lane += 4) {
      const g = upstreamOne(dy + at, x + at, swished, factor + lane, offset + lane)
      const rest = load<f32>(x + at) * load<f32>(b + lane) + load<f32>(d + lane)
      store<f32>(dx + at, g * load<f32>(a + lane) + rest)
      at += 4
    }
  }
}

/**
 * Batch norm over rows of channels (R, C). Sums are taken over parts of `block` rows in float32 and added in float64
 * in the order of the parts; deviations from the first row (for the variance) or from the mean (for the gradient) keep
 * the squares and products small.
 */
import { madd } from "./arithmetic"
import { address, float, int } from "./job"

/** parts[p] = [sum of (x - pivot), sum of (x - pivot)^2], the pivot being row 0. A chunk is a part. */
export function momentParts(chunk: i32): void {
  const x = address(0)
  deviations(chunk, x, x, x, true)
}

/** parts[p] = [sum of dy, sum of dy * (x - mean)]. A chunk is a part. */
export function gradientParts(chunk: i32): void {
  deviations(chunk, address(0), address(5), address(6), false)
}

/** With `squares`: sums of d and d * d, d = x - pivot; else sums of dy and dy * d. */
function deviations(chunk: i32, x: usize, dy: usize, pivot: usize, squares: bool): void {
  const parts = address(1)
  const rows = int(2)
  const channels = int(3)
  const block = int(4)
  const first = chunk * block
  const last = min(rows, first + block)
  const row = (<usize>channels) << 2
  const start = <usize>first * row
  const count = last - first
  const sums = parts + <usize>chunk * row * 2
  let c = 0
  for (; c + 8 <= channels; c += 8) {
    const lane = (<usize>c) << 2
    const p0 = v128.load(pivot + lane)
    const p1 = v128.load(pivot + lane, 16)
    let s0 = f32x4.splat(0)
    let s1 = s0
    let q0 = s0
    let q1 = s0
    let at = start + lane
    for (let r = 0; r < count; r++) {
      const d0 = f32x4.sub(v128.load(x + at), p0)
      const d1 = f32x4.sub(v128.load(x + at, 16), p1)
      const g0 = squares ? d0 : v128.load(dy + at)
      const g1 = squares ? d1 : v128.load(dy + at, 16)
      s0 = f32x4.add(s0, g0)
      s1 = f32x4.add(s1, g1)
      q0 = madd(g0, d0, q0)
      q1 = madd(g1, d1, q1)
      at += row
    }
    v128.store(sums + lane, s0)
    v128.store(sums + lane, s1, 16)
    v128.store(sums + row + lane, q0)
    v128.store(sums + row + lane, q1, 16)
  }
  for (; c < channels; c++) {
    const lane = (<usize>c) << 2
    const p = load<f32>(pivot + lane)
    let s: f32 = 0
    let q: f32 = 0
    let at = start + lane
    for (let r = 0; r < count; r++) {
      const d = load<f32>(x + at) - p
      const g = squares ? d : load<f32>(dy + at)
      s += g
      q += g * d
      at += row
    }
    store<f32>(sums + lane, s)
    store<f32>(sums + row + lane, q)
  }
}

/** mean, variance, and factor and offset with which y = x * factor + offset. One chunk. */
export function momentTotals(_chunk: i32): void {
  const parts = address(0)
  const x = address(1)
  const scale = address(2)
  const shift = address(3)
  const mean = address(4)
  const variance = address(5)
  const factor = address(6)
  const offset = address(7)
  const channels = int(8)
  const count = int(9)
  const rows = <f64>int(10)
  const epsilon = <f64>float(0)
  const row = (<usize>channels) << 2
  for (let c = 0; c < channels; c++) {
    const lane = (<usize>c) << 2
    let sum: f64 = 0
    let squares: f64 = 0
    let from = parts + lane
    for (let p = 0; p < count; p++) {
      sum += <f64>load<f32>(from)
      squares += <f64>load<f32>(from + row)
      from += row * 2
    }
    const distance = sum / rows
    const average = <f64>load<f32>(x + lane) + distance
    const spread = max(<f64>0, squares / rows - distance * distance)
    const f = <f64>load<f32>(scale + lane) / Math.sqrt(spread + epsilon)
    store<f32>(mean + lane, <f32>average)
    store<f32>(variance + lane, <f32>spread)
    store<f32>(factor + lane, <f32>f)
    store<f32>(offset + lane, <f32>(<f64>load<f32>(shift + lane) - average * f))
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

/** a, b, d with which dx = a * dy + b * x + d (Ioffe and Szegedy 2015, section 3). One chunk. */
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

/** y = x * factor + offset by channel. A chunk is `block` rows. */
export function affine(chunk: i32): void {
  const x = address(0)
  const factor = address(1)
  const offset = address(2)
  const y = address(3)
  const rows = int(4)
  const channels = int(5)
  const block = int(6)
  const last = min(rows, (chunk + 1) * block)
  let at = <usize>(chunk * block) * <usize>channels * 4
  for (let r = chunk * block; r < last; r++) {
    let c = 0
    for (; c + 4 <= channels; c += 4) {
      const lane = (<usize>c) << 2
      v128.store(y + at, madd(v128.load(x + at), v128.load(factor + lane), v128.load(offset + lane)))
      at += 16
    }
    for (; c < channels; c++) {
      const lane = (<usize>c) << 2
      store<f32>(y + at, load<f32>(x + at) * load<f32>(factor + lane) + load<f32>(offset + lane))
      at += 4
    }
  }
}

/** dx = a * dy + b * x + d by channel. A chunk is `block` rows. */
export function inputGradient(chunk: i32): void {
  const x = address(0)
  const dy = address(1)
  const a = address(2)
  const dx = address(3)
  const rows = int(4)
  const channels = int(5)
  const block = int(6)
  const row = (<usize>channels) << 2
  const b = a + row
  const d = b + row
  const last = min(rows, (chunk + 1) * block)
  let at = <usize>(chunk * block) * row
  for (let r = chunk * block; r < last; r++) {
    let c = 0
    for (; c + 4 <= channels; c += 4) {
      const lane = (<usize>c) << 2
      const rest = madd(v128.load(x + at), v128.load(b + lane), v128.load(d + lane))
      v128.store(dx + at, madd(v128.load(dy + at), v128.load(a + lane), rest))
      at += 16
    }
    for (; c < channels; c++) {
      const lane = (<usize>c) << 2
      const rest = load<f32>(x + at) * load<f32>(b + lane) + load<f32>(d + lane)
      store<f32>(dx + at, load<f32>(dy + at) * load<f32>(a + lane) + rest)
      at += 4
    }
  }
}

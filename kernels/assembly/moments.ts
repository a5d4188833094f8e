/**
 * Mean and variance by channel over rows of channels (R, C). Sums are taken over parts of `block` rows in float32 and
 * added in float64 in the order of the parts; deviations from the first row keep the squares small.
 */
import { madd } from "./arithmetic"
import { address, float, int } from "./job"

/** Rows that are gone through together. */
const TOGETHER = 4

/** parts[p] = [sum of (x - pivot), sum of (x - pivot)^2], the pivot being row 0. A chunk is a part. */
export function momentParts(chunk: i32): void {
  const x = address(0)
  const parts = address(1)
  const rows = int(2)
  const channels = int(3)
  const block = int(4)
  const first = chunk * block
  const count = min(rows, first + block) - first
  const row = (<usize>channels) << 2
  const sums = parts + <usize>chunk * row * 2
  const squares = sums + row
  memory.fill(sums, 0, row * 2)
  let start = x + <usize>first * row
  for (let r = 0; r < count; r += TOGETHER) {
    const end = start + <usize>min(TOGETHER, count - r) * row
    let c = 0
    for (; c + 8 <= channels; c += 8) {
      const lane = (<usize>c) << 2
      const p0 = v128.load(x + lane)
      const p1 = v128.load(x + lane, 16)
      let s0 = v128.load(sums + lane)
      let s1 = v128.load(sums + lane, 16)
      let q0 = v128.load(squares + lane)
      let q1 = v128.load(squares + lane, 16)
      for (let at = start + lane; at < end; at += row) {
        const d0 = f32x4.sub(v128.load(at), p0)
        const d1 = f32x4.sub(v128.load(at, 16), p1)
        s0 = f32x4.add(s0, d0)
        s1 = f32x4.add(s1, d1)
        q0 = madd(d0, d0, q0)
        q1 = madd(d1, d1, q1)
      }
      v128.store(sums + lane, s0)
      v128.store(sums + lane, s1, 16)
      v128.store(squares + lane, q0)
      v128.store(squares + lane, q1, 16)
    }
    for (; c < channels; c++) {
      const lane = (<usize>c) << 2
      const p = load<f32>(x + lane)
      for (let at = start + lane; at < end; at += row) {
        const d = load<f32>(at) - p
        store<f32>(sums + lane, load<f32>(sums + lane) + d)
        store<f32>(squares + lane, load<f32>(squares + lane) + d * d)
      }
    }
    start = end
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

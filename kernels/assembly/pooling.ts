/** What squeeze-and-excite and pooling need: (N, P, C) with P pixels beside (N, C). */
import { madd } from "./arithmetic"
import { address, float, int } from "./job"

/**
 * out[n, c] = factor * sum over pixels of x, or of x * y where y is given. A chunk is an image. Sums run over 64
 * pixels, then over those sums.
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
  for (; c + 4 <= channels; c += 4) {
    const lane = (<usize>c) << 2
    let at = start + lane
    let sum = f32x4.splat(0)
    for (let p = 0; p < pixels; p += 64) {
      const end = min(pixels, p + 64)
      let part = f32x4.splat(0)
      if (y === 0) {
        for (let i = p; i < end; i++) {
          part = f32x4.add(part, v128.load(x + at))
          at += row
        }
      } else {
        for (let i = p; i < end; i++) {
          part = madd(v128.load(x + at), v128.load(y + at), part)
          at += row
        }
      }
      sum = f32x4.add(sum, part)
    }
    v128.store(to + lane, f32x4.mul(sum, f32x4.splat(factor)))
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

/**
 * out[n, p, c] = x[n, p, c] * gate[n, c], or gate[n, c] * factor where x is not given; gates lie `stride` bytes apart
 * from image to image, and 0 makes one gate for all. A chunk is an image.
 */
export function gate(chunk: i32): void {
  const x = address(0)
  const gates = address(1)
  const out = address(2)
  const pixels = int(3)
  const channels = int(4)
  const stride = <usize>int(5)
  const add = int(6)
  const factor = float(0)
  const row = (<usize>channels) << 2
  let at = <usize>chunk * <usize>pixels * row
  const from = gates + <usize>chunk * stride
  const splat = f32x4.splat(factor)
  for (let p = 0; p < pixels; p++) {
    let c = 0
    for (; c + 4 <= channels; c += 4) {
      const g = v128.load(from + ((<usize>c) << 2))
      const value = x === 0 ? splat : v128.load(x + at)
      v128.store(out + at, add !== 0 ? f32x4.add(value, g) : f32x4.mul(value, g))
      at += 16
    }
    for (; c < channels; c++) {
      const g = load<f32>(from + ((<usize>c) << 2))
      const value = x === 0 ? factor : load<f32>(x + at)
      store<f32>(out + at, add !== 0 ? value + g : value * g)
      at += 4
    }
  }
}

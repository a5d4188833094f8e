/** Products and sums of pixels (N, P, C) with something of (N, C) or (C). */
import { address, float, int } from "./job"

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
    if (x !== 0 && add === 0) {
      for (; c + 8 <= channels; c += 8) {
        const lane = (<usize>c) << 2
        const low = f32x4.mul(v128.load(x + at), v128.load(from + lane))
        const high = f32x4.mul(v128.load(x + at, 16), v128.load(from + lane, 16))
        v128.store(out + at, low)
        v128.store(out + at, high, 16)
        at += 32
      }
    }
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

/** Sums of parts, in their order. */
import { address, int } from "./job"

/** out (length) = the sum of `parts` arrays of it, in order. A chunk is 4096 numbers. */
export function addParts(chunk: i32): void {
  const parts = address(0)
  const out = address(1)
  const length = int(2)
  const count = int(3)
  const stride = (<usize>length) << 2
  let i = chunk << 12
  const end = min(length, i + 4096)
  for (; i + 8 <= end; i += 8) {
    let from = parts + ((<usize>i) << 2)
    let low = v128.load(from)
    let high = v128.load(from, 16)
    for (let p = 1; p < count; p++) {
      from += stride
      low = f32x4.add(low, v128.load(from))
      high = f32x4.add(high, v128.load(from, 16))
    }
    v128.store(out + ((<usize>i) << 2), low)
    v128.store(out + ((<usize>i) << 2), high, 16)
  }
  for (; i < end; i++) {
    let from = parts + ((<usize>i) << 2)
    let sum = load<f32>(from)
    for (let p = 1; p < count; p++) {
      from += stride
      sum += load<f32>(from)
    }
    store<f32>(out + ((<usize>i) << 2), sum)
  }
}

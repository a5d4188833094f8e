/** Scale and shift by channel. */
import { madd, swish } from "./arithmetic"
import { address, float, int } from "./job"

/** factor and offset of a batch norm from scale, shift, mean and variance. One chunk. */
export function affineFactors(_chunk: i32): void {
  const scale = address(0)
  const shift = address(1)
  const mean = address(2)
  const variance = address(3)
  const factor = address(4)
  const offset = address(5)
  const end = (<usize>int(6)) << 2
  const epsilon = <f64>float(0)
  for (let lane: usize = 0; lane < end; lane += 4) {
    const f = <f64>load<f32>(scale + lane) / Math.sqrt(<f64>load<f32>(variance + lane) + epsilon)
    store<f32>(factor + lane, <f32>f)
    store<f32>(offset + lane, <f32>(<f64>load<f32>(shift + lane) - <f64>load<f32>(mean + lane) * f))
  }
}

/** y = x * factor + offset by channel, or the swish of that. A chunk is `block` rows. */
export function affine(chunk: i32): void {
  const x = address(0)
  const factor = address(1)
  const offset = address(2)
  const y = address(3)
  const rows = int(4)
  const channels = int(5)
  const block = int(6)
  const swished = int(7) !== 0
  const last = min(rows, (chunk + 1) * block)
  let at = <usize>(chunk * block) * <usize>channels * 4
  for (let r = chunk * block; r < last; r++) {
    let lane: usize = 0
    const whole = (<usize>(channels & ~7)) << 2
    if (swished) {
      for (; lane < whole; lane += 32) {
        const low = swish(madd(v128.load(x + at), v128.load(factor + lane), v128.load(offset + lane)))
        const high = swish(madd(v128.load(x + at, 16), v128.load(factor + lane, 16), v128.load(offset + lane, 16)))
        v128.store(y + at, low)
        v128.store(y + at, high, 16)
        at += 32
      }
    } else {
      for (; lane < whole; lane += 32) {
        const low = madd(v128.load(x + at), v128.load(factor + lane), v128.load(offset + lane))
        const high = madd(v128.load(x + at, 16), v128.load(factor + lane, 16), v128.load(offset + lane, 16))
        v128.store(y + at, low)
        v128.store(y + at, high, 16)
        at += 32
      }
    }
    for (let c = channels & ~7; c < channels; c++) {
      let value = madd(v128.load32_splat(x + at), v128.load32_splat(factor + lane), v128.load32_splat(offset + lane))
      if (swished) value = swish(value)
      store<f32>(y + at, f32x4.extract_lane(value, 0))
      lane += 4
      at += 4
    }
  }
}

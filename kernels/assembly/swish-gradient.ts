/** The gradient of swish where no batch norm goes before it. */
import { sigmoid, swishSlope } from "./arithmetic"
import { address, int } from "./job"

/** dx = dy * swish'(x). A chunk is `block` numbers, a multiple of 8. */
export function swishGradient(chunk: i32): void {
  const dy = address(0)
  const x = address(1)
  const dx = address(2)
  const length = int(3)
  const block = int(4)
  const end = (<usize>min(length, (chunk + 1) * block)) << 2
  for (let i = (<usize>(chunk * block)) << 2; i < end; i += 32) {
    const x0 = v128.load(x + i)
    const x1 = v128.load(x + i, 16)
    const s0 = sigmoid(x0)
    const s1 = sigmoid(x1)
    const low = f32x4.mul(v128.load(dy + i), swishSlope(x0, s0))
    const high = f32x4.mul(v128.load(dy + i, 16), swishSlope(x1, s1))
    v128.store(dx + i, low)
    v128.store(dx + i, high, 16)
  }
}

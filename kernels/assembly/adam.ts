/** Adam's step; a memory-bound loop, so its outputs may lie where its inputs do. */
import { address, float, int } from "./job"

/**
 * One step of Adam in PyTorch's form, see src/model/kernels/adam.ts. Floats: beta1, beta2, epsilon, step size, root of
 * the second correction, decay, and 1 - beta1 and 1 - beta2 rounded on their own.
 */
export function adam(chunk: i32): void {
  const weight = address(0)
  const gradient = address(1)
  const first = address(2)
  const second = address(3)
  const w = address(4)
  const m = address(5)
  const v = address(6)
  const length = int(7)
  const block = int(8)
  const beta1 = f32x4.splat(float(0))
  const beta2 = f32x4.splat(float(1))
  const epsilon = f32x4.splat(float(2))
  const stepSize = f32x4.splat(float(3))
  const root = f32x4.splat(float(4))
  const decay = f32x4.splat(float(5))
  const rest1 = f32x4.splat(float(6))
  const rest2 = f32x4.splat(float(7))
  const end = (<usize>min(length, (chunk + 1) * block)) << 2
  for (let i = (<usize>(chunk * block)) << 2; i < end; i += 32) {
    const g0 = v128.load(gradient + i)
    const g1 = v128.load(gradient + i, 16)
    const m0 = f32x4.add(f32x4.mul(beta1, v128.load(first + i)), f32x4.mul(rest1, g0))
    const m1 = f32x4.add(f32x4.mul(beta1, v128.load(first + i, 16)), f32x4.mul(rest1, g1))
    const v0 = f32x4.add(f32x4.mul(beta2, v128.load(second + i)), f32x4.mul(rest2, f32x4.mul(g0, g0)))
    const v1 = f32x4.add(f32x4.mul(beta2, v128.load(second + i, 16)), f32x4.mul(rest2, f32x4.mul(g1, g1)))
    const below0 = f32x4.add(f32x4.div(f32x4.sqrt(v0), root), epsilon)
    const below1 = f32x4.add(f32x4.div(f32x4.sqrt(v1), root), epsilon)
    const w0 = f32x4.sub(f32x4.mul(v128.load(weight + i), decay), f32x4.div(f32x4.mul(stepSize, m0), below0))
    const w1 = f32x4.sub(f32x4.mul(v128.load(weight + i, 16), decay), f32x4.div(f32x4.mul(stepSize, m1), below1))
    v128.store(m + i, m0)
    v128.store(m + i, m1, 16)
    v128.store(v + i, v0)
    v128.store(v + i, v1, 16)
    v128.store(w + i, w0)
    v128.store(w + i, w1, 16)
  }
}

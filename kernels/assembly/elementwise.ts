/**
 * Loops over all numbers of a tensor. A chunk is `block` numbers, a multiple of 4. The last few of a tensor are done as
 * a whole vector: buffers are rounded up to 64 bytes.
 */
import { sigmoid } from "./arithmetic"
import { address, float, int } from "./job"

const ADD = 0
const SUBTRACT = 1
const MULTIPLY = 2
const DIVIDE = 3

function apply(operation: i32, a: v128, b: v128): v128 {
  if (operation === ADD) return f32x4.add(a, b)
  if (operation === SUBTRACT) return f32x4.sub(a, b)
  if (operation === MULTIPLY) return f32x4.mul(a, b)
  if (operation === DIVIDE) return f32x4.div(a, b)
  // 4: the greater.
  return f32x4.max(a, b)
}

/** out = a op b, of the same shape, or b one number. */
export function binary(chunk: i32): void {
  const a = address(0)
  const b = address(1)
  const out = address(2)
  const length = int(3)
  const block = int(4)
  const operation = int(5)
  const scalar = int(6)
  const end = (<usize>min(length, (chunk + 1) * block)) << 2
  const start = (<usize>(chunk * block)) << 2
  if (scalar !== 0) {
    const one = v128.load32_splat(b)
    for (let i = start; i < end; i += 16) v128.store(out + i, apply(operation, v128.load(a + i), one))
  } else if (operation === MULTIPLY) {
    for (let i = start; i < end; i += 16) v128.store(out + i, f32x4.mul(v128.load(a + i), v128.load(b + i)))
  } else if (operation === ADD) {
    for (let i = start; i < end; i += 16) v128.store(out + i, f32x4.add(v128.load(a + i), v128.load(b + i)))
  } else {
    for (let i = start; i < end; i += 16) v128.store(out + i, apply(operation, v128.load(a + i), v128.load(b + i)))
  }
}

const SIGMOID = 0
const SWISH = 1
const RELU = 2
const SQUARE = 3
const SQUARE_ROOT = 4
const NEGATE = 5

function map(operation: i32, x: v128): v128 {
  if (operation === RELU) return f32x4.max(x, f32x4.splat(0))
  if (operation === SQUARE) return f32x4.mul(x, x)
  if (operation === SQUARE_ROOT) return f32x4.sqrt(x)
  if (operation === NEGATE) return f32x4.neg(x)
  // 6: the reciprocal root.
  return f32x4.div(f32x4.splat(1), f32x4.sqrt(x))
}

/** out = f(x). */
export function unary(chunk: i32): void {
  const x = address(0)
  const out = address(1)
  const length = int(2)
  const block = int(3)
  const operation = int(4)
  const end = (<usize>min(length, (chunk + 1) * block)) << 2
  const start = (<usize>(chunk * block)) << 2
  if (operation === SIGMOID) {
    for (let i = start; i < end; i += 16) v128.store(out + i, sigmoid(v128.load(x + i)))
  } else if (operation === SWISH) {
    for (let i = start; i < end; i += 16) {
      const value = v128.load(x + i)
      v128.store(out + i, f32x4.mul(value, sigmoid(value)))
    }
  } else {
    for (let i = start; i < end; i += 16) v128.store(out + i, map(operation, v128.load(x + i)))
  }
}

/** dx = dy * s * (1 + x * (1 - s)), s being x's sigmoid: given, or (address 0) taken here. */
export function swishGradient(chunk: i32): void {
  const dy = address(0)
  const x = address(1)
  const gate = address(2)
  const dx = address(3)
  const length = int(4)
  const block = int(5)
  const end = (<usize>min(length, (chunk + 1) * block)) << 2
  const one = f32x4.splat(1)
  for (let i = (<usize>(chunk * block)) << 2; i < end; i += 16) {
    const value = v128.load(x + i)
    const s = gate === 0 ? sigmoid(value) : v128.load(gate + i)
    const slope = f32x4.add(one, f32x4.mul(value, f32x4.sub(one, s)))
    v128.store(dx + i, f32x4.mul(f32x4.mul(v128.load(dy + i), s), slope))
  }
}

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
  for (let i = (<usize>(chunk * block)) << 2; i < end; i += 16) {
    const g = v128.load(gradient + i)
    const average = f32x4.add(f32x4.mul(beta1, v128.load(first + i)), f32x4.mul(rest1, g))
    const power = f32x4.add(f32x4.mul(beta2, v128.load(second + i)), f32x4.mul(rest2, f32x4.mul(g, g)))
    v128.store(m + i, average)
    v128.store(v + i, power)
    const below = f32x4.add(f32x4.div(f32x4.sqrt(power), root), epsilon)
    const change = f32x4.div(f32x4.mul(stepSize, average), below)
    v128.store(w + i, f32x4.sub(f32x4.mul(v128.load(weight + i), decay), change))
  }
}

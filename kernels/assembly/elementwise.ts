/**
 * Loops over all numbers of a tensor. A chunk is `block` numbers, a multiple of 8. The last few of a tensor are done as
 * whole vectors: buffers are rounded up to 64 bytes.
 */
import { sigmoid, swish } from "./arithmetic"
import { address, int } from "./job"

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
    for (let i = start; i < end; i += 32) {
      const low = f32x4.mul(v128.load(a + i), v128.load(b + i))
      const high = f32x4.mul(v128.load(a + i, 16), v128.load(b + i, 16))
      v128.store(out + i, low)
      v128.store(out + i, high, 16)
    }
  } else if (operation === ADD) {
    for (let i = start; i < end; i += 32) {
      const low = f32x4.add(v128.load(a + i), v128.load(b + i))
      const high = f32x4.add(v128.load(a + i, 16), v128.load(b + i, 16))
      v128.store(out + i, low)
      v128.store(out + i, high, 16)
    }
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
    for (let i = start; i < end; i += 32) {
      const low = sigmoid(v128.load(x + i))
      const high = sigmoid(v128.load(x + i, 16))
      v128.store(out + i, low)
      v128.store(out + i, high, 16)
    }
  } else if (operation === SWISH) {
    for (let i = start; i < end; i += 32) {
      const low = swish(v128.load(x + i))
      const high = swish(v128.load(x + i, 16))
      v128.store(out + i, low)
      v128.store(out + i, high, 16)
    }
  } else {
    for (let i = start; i < end; i += 16) v128.store(out + i, map(operation, v128.load(x + i)))
  }
}

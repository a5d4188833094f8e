/**
 * Vector arithmetic that differs between the two builds, and the exponential.
 *
 * Loops do two vectors at a time, and store both only when both are computed: an engine that joins neighbouring
 * vectors into one of 256 bits (src/model/backends/simd/compile.ts) does not look across a store.
 */

/** a * b + c: in one rounding where the engine has relaxed SIMD and the machine a fused instruction. */
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c)
  return f32x4.add(f32x4.mul(a, b), c)
}

// Read from memory, since engines build a vector constant anew, in several instructions, at each use.
const TABLE = memory.data<f32>([
  88, -87, 1.4426950216293335, 12582912, -0.693359375, 2.1219444e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2,
  1.6666665459e-1, 0.5, 1
])

function constant(offset: usize): v128 {
  return v128.load32_splat(TABLE + offset)
}

/**
 * e^x for -87 <= x <= 88, else its value there: by reduction to |r| <= ln 2 / 2 and a polynomial of degree 6 (Cephes).
 * Relative error under 2e-7.
 */
export function exp(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, constant(0)), constant(4))
  // Adding 1.5 * 2^23 rounds to an integer n, and leaves it in the low bits.
  const shifted = madd(bounded, constant(8), constant(12))
  const n = f32x4.sub(shifted, constant(12))
  // ln 2 in two parts, the first with few enough bits that n times it is exact.
  const r = madd(n, constant(20), madd(n, constant(16), bounded))
  let p = madd(constant(24), r, constant(28))
  p = madd(p, r, constant(32))
  p = madd(p, r, constant(36))
  p = madd(p, r, constant(40))
  p = madd(p, f32x4.mul(r, r), f32x4.add(r, constant(44)))
  // p lies near 1, so that n can be added to its exponent.
  return i32x4.add(p, i32x4.shl(shifted, 23))
}

export function sigmoid(x: v128): v128 {
  const one = constant(44)
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))))
}

/** x * sigmoid(x). */
export function swish(x: v128): v128 {
  return f32x4.mul(x, sigmoid(x))
}

/** The derivative of swish, s being x's sigmoid: s * (1 + x * (1 - s)) = s + y - y * s, where y = x * s. */
export function swishSlope(x: v128, s: v128): v128 {
  return f32x4.add(s, f32x4.sub(f32x4.mul(x, s), f32x4.mul(f32x4.mul(x, s), s)))
}

/**
 * The wide tile: 6 rows by 16 columns, for engines that join neighbouring vectors into registers of 256 bits (see
 * src/model/backends/simd/compile.ts): twelve sums, two of B and one of A are then fifteen of the sixteen there are.
 */
import { madd } from "./arithmetic"

/** As `tile` (tile.ts), for panels of 16 columns and 16 numbers of bias. */
export function wideTile(
  a0: usize,
  row: usize,
  along: usize,
  b: usize,
  depth: i32,
  c0: usize,
  across: usize,
  rows: i32,
  bias: usize
): void {
  const a1 = rows > 1 ? a0 + row : a0
  const a2 = rows > 2 ? a1 + row : a1
  const a3 = rows > 3 ? a2 + row : a2
  const a4 = rows > 4 ? a3 + row : a3
  const a5 = rows > 5 ? a4 + row : a4
  let s00 = v128.load(bias)
  let s01 = v128.load(bias, 16)
  let s02 = v128.load(bias, 32)
  let s03 = v128.load(bias, 48)
  let s10 = s00
  let s11 = s01
  let s12 = s02
  let s13 = s03
  let s20 = s00
  let s21 = s01
  let s22 = s02
  let s23 = s03
  let s30 = s00
  let s31 = s01
  let s32 = s02
  let s33 = s03
  let s40 = s00
  let s41 = s01
  let s42 = s02
  let s43 = s03
  let s50 = s00
  let s51 = s01
  let s52 = s02
  let s53 = s03
  const end = b + ((<usize>depth) << 6)
  let k: usize = 0
  while (b < end) {
    const b0 = v128.load(b)
    const b1 = v128.load(b, 16)
    const b2 = v128.load(b, 32)
    const b3 = v128.load(b, 48)
    let x = v128.load32_splat(a0 + k)
    s00 = madd(x, b0, s00)
    s01 = madd(x, b1, s01)
    s02 = madd(x, b2, s02)
    s03 = madd(x, b3, s03)
    x = v128.load32_splat(a1 + k)
    s10 = madd(x, b0, s10)
    s11 = madd(x, b1, s11)
    s12 = madd(x, b2, s12)
    s13 = madd(x, b3, s13)
    x = v128.load32_splat(a2 + k)
    s20 = madd(x, b0, s20)
    s21 = madd(x, b1, s21)
    s22 = madd(x, b2, s22)
    s23 = madd(x, b3, s23)
    x = v128.load32_splat(a3 + k)
    s30 = madd(x, b0, s30)
    s31 = madd(x, b1, s31)
    s32 = madd(x, b2, s32)
    s33 = madd(x, b3, s33)
    x = v128.load32_splat(a4 + k)
    s40 = madd(x, b0, s40)
    s41 = madd(x, b1, s41)
    s42 = madd(x, b2, s42)
    s43 = madd(x, b3, s43)
    x = v128.load32_splat(a5 + k)
    s50 = madd(x, b0, s50)
    s51 = madd(x, b1, s51)
    s52 = madd(x, b2, s52)
    s53 = madd(x, b3, s53)
    b += 64
    k += along
  }
  const c1 = rows > 1 ? c0 + across : c0
  const c2 = rows > 2 ? c1 + across : c1
  const c3 = rows > 3 ? c2 + across : c2
  const c4 = rows > 4 ? c3 + across : c3
  const c5 = rows > 5 ? c4 + across : c4
  v128.store(c0, s00)
  v128.store(c0, s01, 16)
  v128.store(c0, s02, 32)
  v128.store(c0, s03, 48)
  v128.store(c1, s10)
  v128.store(c1, s11, 16)
  v128.store(c1, s12, 32)
  v128.store(c1, s13, 48)
  v128.store(c2, s20)
  v128.store(c2, s21, 16)
  v128.store(c2, s22, 32)
  v128.store(c2, s23, 48)
  v128.store(c3, s30)
  v128.store(c3, s31, 16)
  v128.store(c3, s32, 32)
  v128.store(c3, s33, 48)
  v128.store(c4, s40)
  v128.store(c4, s41, 16)
  v128.store(c4, s42, 32)
  v128.store(c4, s43, 48)
  v128.store(c5, s50)
  v128.store(c5, s51, 16)
  v128.store(c5, s52, 32)
  v128.store(c5, s53, 48)
}

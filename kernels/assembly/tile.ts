/**
 * Tiles of a matrix product in float32: 6 rows of A by a panel of B, which is packed as (k, width), its last columns
 * filled with zeros. Every sum runs over k in order, whatever the tile, so that both give the same bits.
 */
import { madd } from "./arithmetic"

/**
 * Six rows by 8 columns: twelve vectors of sums, two of B and one of A are the fifteen registers that V8 gives on
 * x86-64. A's rows lie `row` bytes apart, the k of a row `along` bytes, C's rows `across` bytes. Of a tile of fewer
 * rows the last is done again in place of those that are missing. Sums start from `bias`, 8 numbers.
 */
export function tile(
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
  let s10 = s00
  let s11 = s01
  let s20 = s00
  let s21 = s01
  let s30 = s00
  let s31 = s01
  let s40 = s00
  let s41 = s01
  let s50 = s00
  let s51 = s01
  const end = b + ((<usize>depth) << 5)
  let k: usize = 0
  while (b < end) {
    const b0 = v128.load(b)
    const b1 = v128.load(b, 16)
    let x = v128.load32_splat(a0 + k)
    s00 = madd(x, b0, s00)
    s01 = madd(x, b1, s01)
    x = v128.load32_splat(a1 + k)
    s10 = madd(x, b0, s10)
    s11 = madd(x, b1, s11)
    x = v128.load32_splat(a2 + k)
    s20 = madd(x, b0, s20)
    s21 = madd(x, b1, s21)
    x = v128.load32_splat(a3 + k)
    s30 = madd(x, b0, s30)
    s31 = madd(x, b1, s31)
    x = v128.load32_splat(a4 + k)
    s40 = madd(x, b0, s40)
    s41 = madd(x, b1, s41)
    x = v128.load32_splat(a5 + k)
    s50 = madd(x, b0, s50)
    s51 = madd(x, b1, s51)
    b += 32
    k += along
  }
  const c1 = rows > 1 ? c0 + across : c0
  const c2 = rows > 2 ? c1 + across : c1
  const c3 = rows > 3 ? c2 + across : c2
  const c4 = rows > 4 ? c3 + across : c3
  const c5 = rows > 5 ? c4 + across : c4
  v128.store(c0, s00)
  v128.store(c0, s01, 16)
  v128.store(c1, s10)
  v128.store(c1, s11, 16)
  v128.store(c2, s20)
  v128.store(c2, s21, 16)
  v128.store(c3, s30)
  v128.store(c3, s31, 16)
  v128.store(c4, s40)
  v128.store(c4, s41, 16)
  v128.store(c5, s50)
  v128.store(c5, s51, 16)
}

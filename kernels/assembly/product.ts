/**
 * Matrix products in float32 by tiles of 6 x 8: twelve vectors of sums, two of B and one of A are the fifteen registers
 * that V8 gives on x86-64. B always comes packed in panels of 8 columns, (panel, k, 8), the last one filled with zeros.
 */
import { madd } from "./arithmetic"
import { address, int } from "./job"

/** Adds columns n .. N of a tile row to memory, where the panel is wider than the matrix. */
function storeTail(c: usize, columns: i32, low: v128, high: v128): void {
  if (columns >= 4) {
    v128.store(c, low)
    low = high
    c += 16
    columns -= 4
  }
  if (columns > 0) store<f32>(c, f32x4.extract_lane(low, 0))
  if (columns > 1) store<f32>(c, f32x4.extract_lane(low, 1), 4)
  if (columns > 2) store<f32>(c, f32x4.extract_lane(low, 2), 8)
}

function storeRow(c: usize, columns: i32, low: v128, high: v128): void {
  if (columns >= 8) {
    v128.store(c, low)
    v128.store(c, high, 16)
  } else storeTail(c, columns, low, high)
}

/**
 * One tile of rows x columns (at most 6 x 8): A's rows lie `row` bytes apart, the k of a row `along` bytes. Rows past
 * the last are the last one again.
 */
function tile(
  a0: usize,
  row: usize,
  along: usize,
  b: usize,
  depth: i32,
  c0: usize,
  across: usize,
  rows: i32,
  columns: i32,
  bias: usize
): void {
  const a1 = rows > 1 ? a0 + row : a0
  const a2 = rows > 2 ? a1 + row : a1
  const a3 = rows > 3 ? a2 + row : a2
  const a4 = rows > 4 ? a3 + row : a3
  const a5 = rows > 5 ? a4 + row : a4
  let s00 = f32x4.splat(0)
  let s01 = f32x4.splat(0)
  if (bias !== 0) {
    s00 = v128.load(bias)
    s01 = v128.load(bias, 16)
  }
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
  storeRow(c0, columns, s00, s01)
  storeRow(c1, columns, s10, s11)
  storeRow(c2, columns, s20, s21)
  storeRow(c3, columns, s30, s31)
  storeRow(c4, columns, s40, s41)
  storeRow(c5, columns, s50, s51)
}

/** C (M, N) = A (M, K) B + bias. A chunk is a block of rows; a panel of B stays in the nearest cache over it. */
export function product(chunk: i32): void {
  const a = address(0)
  const b = address(1)
  const c = address(2)
  const rows = int(3)
  const columns = int(4)
  const depth = int(5)
  const block = int(6)
  const bias = address(7)
  const first = chunk * block
  const last = min(rows, first + block)
  const row = (<usize>depth) << 2
  const across = (<usize>columns) << 2
  for (let n = 0; n < columns; n += 8) {
    const panel = b + <usize>n * row
    const offset = bias === 0 ? 0 : bias + ((<usize>n) << 2)
    for (let m = first; m < last; m += 6) {
      const at = c + <usize>m * across + ((<usize>n) << 2)
      tile(a + <usize>m * row, row, 4, panel, depth, at, across, min(6, last - m), columns - n, offset)
    }
  }
}

/**
 * C (M, N) = transposed A (K, M) times B (K, N), both packed: A in panels of 6. K is cut into parts of `depth`, whose
 * products are kept apart, (part, M, N), and added by `addParts` in order. A chunk is a part and a block of rows.
 */
export function transposedProduct(chunk: i32): void {
  const a = address(0)
  const b = address(1)
  const c = address(2)
  const rows = int(3)
  const columns = int(4)
  const length = int(5)
  const block = int(6)
  const depth = int(7)
  const blocks = (rows + block - 1) / block
  const part = chunk / blocks
  const first = (chunk % blocks) * block
  const last = min(rows, first + block)
  const start = part * depth
  const steps = min(depth, length - start)
  const across = (<usize>columns) << 2
  const out = c + <usize>part * <usize>rows * across
  for (let n = 0; n < columns; n += 8) {
    const panel = b + (<usize>n * <usize>length + ((<usize>start) << 3)) * 4
    for (let m = first; m < last; m += 6) {
      const strip = a + (<usize>m * <usize>length + <usize>start * 6) * 4
      const at = out + <usize>m * across + ((<usize>n) << 2)
      tile(strip, 4, 24, panel, steps, at, across, min(6, last - m), columns - n, 0)
    }
  }
}

/** out (length) = the sum of `parts` arrays of it, in order. A chunk is 4096 numbers. */
export function addParts(chunk: i32): void {
  const parts = address(0)
  const out = address(1)
  const length = int(2)
  const count = int(3)
  const stride = (<usize>length) << 2
  let i = chunk << 12
  const end = min(length, i + 4096)
  for (; i + 4 <= end; i += 4) {
    let from = parts + ((<usize>i) << 2)
    let sum = v128.load(from)
    for (let p = 1; p < count; p++) {
      from += stride
      sum = f32x4.add(sum, v128.load(from))
    }
    v128.store(out + ((<usize>i) << 2), sum)
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

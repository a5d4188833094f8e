/** Matrices in the order in which the product's inner loop reads them. */
import { address, int } from "./job"

/** B (K, N), rows `stride` numbers apart, to panels (N / 8, K, 8). A chunk is 64 rows of all panels. */
export function packColumns(chunk: i32): void {
  const b = address(0)
  const out = address(1)
  const depth = int(2)
  const columns = int(3)
  const first = chunk << 6
  const last = min(depth, first + 64)
  const whole = columns & ~7
  for (let k = first; k < last; k++) {
    const row = b + <usize>k * <usize>columns * 4
    let to = out + ((<usize>k) << 5)
    for (let n = 0; n < whole; n += 8) {
      v128.store(to, v128.load(row + ((<usize>n) << 2)))
      v128.store(to, v128.load(row + ((<usize>n) << 2), 16), 16)
      to += (<usize>depth) << 5
    }
    if (whole < columns) {
      for (let n = whole; n < whole + 8; n++) {
        store<f32>(to + ((<usize>(n - whole)) << 2), n < columns ? load<f32>(row + ((<usize>n) << 2)) : 0)
      }
    }
  }
}

/** The transpose of B (N, K) to panels (N / 8, K, 8): 8 rows become the columns of a panel. A chunk is a panel. */
export function packRows(chunk: i32): void {
  const b = address(0)
  const out = address(1)
  const depth = int(2)
  const columns = int(3)
  const n = chunk << 3
  let to = out + <usize>n * <usize>depth * 4
  const row = (<usize>depth) << 2
  const from = b + <usize>n * row
  let k = 0
  if (n + 8 <= columns) {
    for (; k + 4 <= depth; k += 4) {
      const at = from + ((<usize>k) << 2)
      transpose4(at, row, to)
      transpose4(at + row * 4, row, to + 16)
      to += 128
    }
  }
  for (; k < depth; k++) {
    for (let i = 0; i < 8; i++) {
      store<f32>(to + ((<usize>i) << 2), n + i < columns ? load<f32>(from + <usize>i * row + ((<usize>k) << 2)) : 0)
    }
    to += 32
  }
}

/** 4 x 4 numbers, rows `row` bytes apart, transposed to rows 32 bytes apart. */
function transpose4(from: usize, row: usize, to: usize): void {
  const a = v128.load(from)
  const b = v128.load(from + row)
  const c = v128.load(from + row * 2)
  const d = v128.load(from + row * 3)
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5)
  const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7)
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5)
  const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7)
  v128.store(to, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5))
  v128.store(to, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7), 32)
  v128.store(to, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5), 64)
  v128.store(to, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7), 96)
}

/** A (K, M) to panels (M / 6, K, 6), the last filled with zeros. A chunk is 64 rows of all panels. */
export function packSixes(chunk: i32): void {
  const a = address(0)
  const out = address(1)
  const depth = int(2)
  const columns = int(3)
  const first = chunk << 6
  const last = min(depth, first + 64)
  const whole = columns - (columns % 6)
  for (let k = first; k < last; k++) {
    let from = a + <usize>k * <usize>columns * 4
    let to = out + <usize>k * 24
    for (let m = 0; m < whole; m += 6) {
      v128.store(to, v128.load(from))
      store<u64>(to, load<u64>(from, 16), 16)
      from += 24
      to += <usize>depth * 24
    }
    for (let m = whole; m < columns; m++) {
      store<f32>(to, load<f32>(from))
      from += 4
      to += 4
    }
    if (whole < columns) {
      for (let m = columns; m < whole + 6; m++) {
        store<f32>(to, 0)
        to += 4
      }
    }
  }
}

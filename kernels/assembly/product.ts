/** C = A B + bias: a thread packs some columns of B, which then stay in its cache while it goes along the rows of A. */
import { sigmoid } from "./arithmetic"
import { address, int } from "./job"
import { packColumns, packRows } from "./panels"
import { thread } from "./thread"
import { tile } from "./tile"
import { wideTile } from "./tile-wide"

/** Where there is no bias. */
const ZEROS = memory.data(64, 16)

/** Bytes for one tile of 6 x 16, at the start of a thread's scratch space. */
const EDGE: usize = 384

/** One tile; columns past the matrix's last are computed, and not kept. */
export function tileInto(
  wide: bool,
  a: usize,
  row: usize,
  along: usize,
  panel: usize,
  depth: i32,
  c: usize,
  across: usize,
  rows: i32,
  columns: i32,
  bias: usize,
  edge: usize
): void {
  const width = wide ? 16 : 8
  const to = columns < width ? edge : c
  const line = columns < width ? 64 : across
  if (wide) wideTile(a, row, along, panel, depth, to, line, rows, bias)
  else tile(a, row, along, panel, depth, to, line, rows, bias)
  if (columns >= width) return
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < columns; i++) {
      const lane = (<usize>i) << 2
      store<f32>(c + <usize>r * across + lane, load<f32>(edge + ((<usize>r) << 6) + lane))
    }
  }
}

/** Numbers from `c` to their swish; up to 3 numbers behind `length` are read, not written. */
function swishInPlace(c: usize, length: i32): void {
  const end = c + ((<usize>(length & ~7)) << 2)
  for (; c < end; c += 32) {
    const low = v128.load(c)
    const high = v128.load(c, 16)
    v128.store(c, f32x4.mul(low, sigmoid(low)))
    v128.store(c, f32x4.mul(high, sigmoid(high)), 16)
  }
  for (let i = 0; i < (length & 7); i++) {
    const value = v128.load32_splat(c)
    store<f32>(c, f32x4.extract_lane(f32x4.mul(value, sigmoid(value)), 0))
    c += 4
  }
}

/**
 * C (M, N) = A (M, K) times B (K, N), or with `turned` times the transpose of B (N, K); plus a bias, and then swish,
 * where they are asked for. A chunk is a block of rows and a block of columns.
 */
export function product(chunk: i32): void {
  const a = address(0)
  const b = address(1)
  const c = address(2)
  const rows = int(3)
  const columns = int(4)
  const depth = int(5)
  const rowBlock = int(6)
  const columnBlock = int(7)
  const bias = address(8)
  const space = address(9) + <usize>thread() * <usize>int(10)
  const turned = int(11) !== 0
  const wide = int(12) !== 0
  const swished = int(13) !== 0
  const width = wide ? 16 : 8
  const blocks = (columns + columnBlock - 1) / columnBlock
  const first = (chunk / blocks) * rowBlock
  const last = min(rows, first + rowBlock)
  const start = (chunk % blocks) * columnBlock
  const end = min(columns, start + columnBlock)
  const row = (<usize>depth) << 2
  const across = (<usize>columns) << 2
  const panels = space + EDGE
  const panel = row * <usize>width
  let to = panels
  for (let n = start; n < end; n += width) {
    if (turned) packRows(b, depth, columns, n, width, to)
    else packColumns(b, depth, columns, n, width, to)
    to += panel
  }
  for (let m = first; m < last; m += 6) {
    const height = min(6, last - m)
    const strip = a + <usize>m * row
    const line = c + <usize>m * across
    to = panels
    for (let n = start; n < end; n += width) {
      const lane = (<usize>n) << 2
      const from = bias === 0 ? ZEROS : bias + lane
      tileInto(wide, strip, row, 4, to, depth, line + lane, across, height, columns - n, from, space)
      to += panel
    }
    if (swished) {
      for (let r = 0; r < height; r++) swishInPlace(line + <usize>r * across + ((<usize>start) << 2), end - start)
    }
  }
}

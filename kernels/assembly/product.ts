/** C = A B + bias: a thread packs some columns of B, which then stay in its cache while it goes along the rows of A. */
import { swish } from "./arithmetic"
import { address, int } from "./job"
import { packColumns, packRows } from "./panels"
import { thread } from "./thread"
import { tile } from "./tile"
import { wideTile } from "./tile-wide"

/** Where there is no bias. */
const ZEROS = memory.data(64, 16)

/** Bytes for one tile of 6 x 16, at the start of a thread's scratch space. */
const EDGE: usize = 384

/** How wide the panel at `columns` from the last is: of 16 where the wide tile is used, but 8 for the last 8. */
export function panelWidth(wide: bool, columns: i32): i32 {
  return wide && columns > 8 ? 16 : 8
}

/** One tile of a panel of that width; columns past the matrix's last are computed, and not kept. */
export function tileInto(
  width: i32,
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
  const to = columns < width ? edge : c
  const line = columns < width ? 64 : across
  if (width === 16) wideTile(a, row, along, panel, depth, to, line, rows, bias)
  else tile(a, row, along, panel, depth, to, line, rows, bias)
  if (columns >= width) return
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < columns; i++) {
      const lane = (<usize>i) << 2
      store<f32>(c + <usize>r * across + lane, load<f32>(edge + ((<usize>r) << 6) + lane))
    }
  }
}

/** Numbers from `c` on to their swish. */
function swishInPlace(c: usize, length: i32): void {
  const end = c + ((<usize>(length & ~7)) << 2)
  for (; c < end; c += 32) {
    const low = swish(v128.load(c))
    const high = swish(v128.load(c, 16))
    v128.store(c, low)
    v128.store(c, high, 16)
  }
  for (let i = 0; i < (length & 7); i++) {
    store<f32>(c, f32x4.extract_lane(swish(v128.load32_splat(c)), 0))
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
  const blocks = (columns + columnBlock - 1) / columnBlock
  const first = (chunk / blocks) * rowBlock
  const last = min(rows, first + rowBlock)
  const start = (chunk % blocks) * columnBlock
  const end = min(columns, start + columnBlock)
  const row = (<usize>depth) << 2
  const across = (<usize>columns) << 2
  const panels = space + EDGE
  let to = panels
  let width = 16
  for (let n = start; n < end; n += width) {
    width = panelWidth(wide, columns - n)
    if (turned) packRows(b, depth, columns, n, width, to)
    else packColumns(b, depth, columns, n, width, to)
    to += row * <usize>width
  }
  for (let m = first; m < last; m += 6) {
    const height = min(6, last - m)
    const strip = a + <usize>m * row
    const line = c + <usize>m * across
    to = panels
    for (let n = start; n < end; n += width) {
      width = panelWidth(wide, columns - n)
      const lane = (<usize>n) << 2
      const from = bias === 0 ? ZEROS : bias + lane
      tileInto(width, strip, row, 4, to, depth, line + lane, across, height, columns - n, from, space)
      to += row * <usize>width
    }
    if (swished) {
      for (let r = 0; r < height; r++) swishInPlace(line + <usize>r * across + ((<usize>start) << 2), end - start)
    }
  }
}

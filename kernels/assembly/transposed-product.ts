/** The transpose of A times B: what filters' gradients are. */
import { address, int } from "./job"
import { packColumns, packSixes } from "./panels"
import { panelWidth, tileInto } from "./product"
import { thread } from "./thread"

const ZEROS = memory.data(64, 16)
const EDGE: usize = 384

/**
 * C (M, N) = transposed A (K, M) times B (K, N). K is cut into parts of `depth`, whose products are kept apart,
 * (part, M, N), and added by `addParts` in order. A chunk is a part, a block of rows and a block of columns; its thread
 * packs what it needs of A and B.
 */
export function transposedProduct(chunk: i32): void {
  const a = address(0)
  const b = address(1)
  const c = address(2)
  const rows = int(3)
  const columns = int(4)
  const length = int(5)
  const depth = int(6)
  const rowBlock = int(7)
  const columnBlock = int(8)
  const space = address(9) + <usize>thread() * <usize>int(10)
  const wide = int(11) !== 0
  const down = (rows + rowBlock - 1) / rowBlock
  const across = (columns + columnBlock - 1) / columnBlock
  const part = chunk / (down * across)
  const block = chunk % (down * across)
  const first = (block / across) * rowBlock
  const last = min(rows, first + rowBlock)
  const start = (block % across) * columnBlock
  const end = min(columns, start + columnBlock)
  const from = part * depth
  const steps = min(depth, length - from)
  const line = (<usize>columns) << 2
  const panels = space + EDGE
  let to = panels
  let width = 16
  for (let n = start; n < end; n += width) {
    width = panelWidth(wide, columns - n)
    packColumns(b + <usize>from * line, steps, columns, n, width, to)
    to += <usize>(steps * width) * 4
  }
  const strips = to
  const row = (<usize>rows) << 2
  packSixes(a + <usize>from * row, row, steps, first, last, strips)
  const out = c + <usize>part * <usize>rows * line
  let strip = strips
  for (let m = first; m < last; m += 6) {
    const at = out + <usize>m * line
    to = panels
    for (let n = start; n < end; n += width) {
      width = panelWidth(wide, columns - n)
      const lane = at + ((<usize>n) << 2)
      tileInto(width, strip, 4, 24, to, steps, lane, line, min(6, last - m), columns - n, ZEROS, space)
      to += <usize>(steps * width) * 4
    }
    strip += <usize>steps * 24
  }
}

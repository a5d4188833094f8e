/** Matrices in the order in which the product's inner loop reads them. */

/** B (K, N), columns n to n + width, to one panel (K, width); columns past the last are zeros. */
export function packColumns(b: usize, depth: i32, columns: i32, n: i32, width: i32, to: usize): void {
  const row = (<usize>columns) << 2
  const line = (<usize>width) << 2
  let from = b + ((<usize>n) << 2)
  const end = to + <usize>depth * line
  if (n + width > columns) {
    const room = (<usize>(columns - n)) << 2
    while (to < end) {
      memory.fill(to, 0, line)
      for (let i: usize = 0; i < room; i += 4) store<f32>(to + i, load<f32>(from + i))
      from += row
      to += line
    }
  } else if (width === 16) {
    while (to < end) {
      const v0 = v128.load(from)
      const v1 = v128.load(from, 16)
      const v2 = v128.load(from, 32)
      const v3 = v128.load(from, 48)
      v128.store(to, v0)
      v128.store(to, v1, 16)
      v128.store(to, v2, 32)
      v128.store(to, v3, 48)
      from += row
      to += 64
    }
  } else {
    while (to < end) {
      const v0 = v128.load(from)
      const v1 = v128.load(from, 16)
      v128.store(to, v0)
      v128.store(to, v1, 16)
      from += row
      to += 32
    }
  }
}

/** B (N, K), rows n to n + width, transposed to one panel (K, width); rows past the last are zeros. */
export function packRows(b: usize, depth: i32, rows: i32, n: i32, width: i32, to: usize): void {
  const row = (<usize>depth) << 2
  const line = (<usize>width) << 2
  const from = b + <usize>n * row
  let k = 0
  if (n + width <= rows) {
    for (; k + 4 <= depth; k += 4) {
      let at = from + ((<usize>k) << 2)
      for (let i: usize = 0; i < line; i += 16) {
        transpose4(at, row, to + i, line)
        at += row * 4
      }
      to += line * 4
    }
  }
  for (; k < depth; k++) {
    for (let i = 0; i < width; i++) {
      store<f32>(to + ((<usize>i) << 2), n + i < rows ? load<f32>(from + <usize>i * row + ((<usize>k) << 2)) : 0)
    }
    to += line
  }
}

/** 4 x 4 numbers, rows `row` bytes apart, transposed to rows `line` bytes apart. */
function transpose4(from: usize, row: usize, to: usize, line: usize): void {
  const a = v128.load(from)
  const b = v128.load(from + row)
  const c = v128.load(from + row * 2)
  const d = v128.load(from + row * 3)
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5)
  const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7)
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5)
  const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7)
  v128.store(to, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5))
  v128.store(to + line, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7))
  v128.store(to + line * 2, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5))
  v128.store(to + line * 3, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7))
}

/**
 * Columns m to `last` of A, `depth` rows `row` bytes apart, to strips (depth, 6), the last one filled with zeros.
 */
export function packSixes(a: usize, row: usize, depth: i32, m: i32, last: i32, to: usize): void {
  const strip = <usize>depth * 24
  const whole = last - ((last - m) % 6)
  let start = a + ((<usize>m) << 2)
  for (let k = 0; k < depth; k++) {
    let from = start
    let at = to
    for (let i = m; i < whole; i += 6) {
      v128.store(at, v128.load(from))
      store<u64>(at, load<u64>(from, 16), 16)
      from += 24
      at += strip
    }
    if (whole < last) {
      for (let i = whole; i < whole + 6; i++) {
        store<f32>(at, i < last ? load<f32>(from) : 0)
        from += 4
        at += 4
      }
    }
    start += row
    to += 24
  }
}

/**
 * Depthwise convolution, sixteen channels of an image at a time. They are first copied beside each other, with the
 * padding left and right, so that every output sees all columns of its taps at fixed distances; rows outside are
 * skipped. Four outputs of a row are summed together.
 */
import { madd } from "./arithmetic"
import { address, int } from "./job"
import { thread } from "./thread"

/** Channels in one chunk. */
const GROUP = 64
/** Bytes of a pixel in the copy: 16 channels. */
const PIXEL: usize = 64

/** x (rows of `width` pixels, `stride` bytes apart) to rows of `padded` pixels of 16 channels, `left` zeros first. */
function copyImage(
  x: usize,
  stride: usize,
  rows: i32,
  width: i32,
  left: i32,
  padded: i32,
  lanes: i32,
  to: usize
): void {
  const before = <usize>left * PIXEL
  const after = <usize>(padded - left - width) * PIXEL
  for (let r = 0; r < rows; r++) {
    memory.fill(to, 0, before)
    to += before
    if (lanes === 4) {
      for (let q = 0; q < width; q++) {
        v128.store(to, v128.load(x))
        v128.store(to, v128.load(x, 16), 16)
        v128.store(to, v128.load(x, 32), 32)
        v128.store(to, v128.load(x, 48), 48)
        x += stride
        to += PIXEL
      }
    } else {
      for (let q = 0; q < width; q++) {
        for (let v = 0; v < lanes; v++) v128.store(to + ((<usize>v) << 4), v128.load(x + ((<usize>v) << 4)))
        x += stride
        to += PIXEL
      }
    }
    memory.fill(to, 0, after)
    to += after
  }
}

function copyTaps(w: usize, stride: usize, taps: i32, turned: bool, lanes: i32, to: usize): void {
  for (let t = 0; t < taps; t++) {
    const from = w + <usize>(turned ? taps - 1 - t : t) * stride
    for (let v = 0; v < lanes; v++) {
      v128.store(to + <usize>t * PIXEL + ((<usize>v) << 4), v128.load(from + ((<usize>v) << 4)))
    }
  }
}

/**
 * The forward kernel's arguments (see depthwise.ts), then: the scratch space, its bytes a thread, the copy's width in
 * pixels, and whether the filter is turned by 180 degrees, with which this is the gradient of x for stride 1. Square
 * filters of 3 or 5, strides of 1 or 2, channels a multiple of 4. A chunk is an image and a group of channels.
 */
export function depthwiseTiles(chunk: i32): void {
  const x = address(0)
  const w = address(1)
  const y = address(2)
  const height = int(3)
  const width = int(4)
  const channels = int(5)
  const rows = int(6)
  const columns = int(7)
  const kernel = int(8)
  const stride = int(10)
  const top = int(12)
  const left = int(13)
  const bias = address(14)
  const scratch = address(15) + <usize>thread() * <usize>int(16)
  const padded = int(17)
  const turned = int(18) !== 0
  const groups = (channels + GROUP - 1) / GROUP
  const n = chunk / groups
  const last = min(channels, (chunk % groups) * GROUP + GROUP)
  const pixel = (<usize>channels) << 2
  const input = x + <usize>(n * height * width) * pixel
  const output = y + <usize>(n * rows * columns) * pixel
  const taps = scratch
  const image = scratch + <usize>(kernel * kernel) * PIXEL
  const line = <usize>padded * PIXEL
  for (let c = (chunk % groups) * GROUP; c < last; c += 16) {
    const lanes = min(4, (last - c) >> 2)
    const lane = (<usize>c) << 2
    copyImage(input + lane, pixel, height, width, left, padded, lanes, image)
    copyTaps(w + lane, pixel, kernel * kernel, turned, lanes, taps)
    for (let r = 0; r < rows; r++) {
      const y0 = r * stride - top
      const i0 = max(0, -y0)
      const i1 = max(i0, min(kernel, height - y0))
      const from = image + <usize>(y0 + i0) * line
      const tap = taps + <usize>(i0 * kernel) * PIXEL
      for (let v = 0; v < lanes; v++) {
        const part = (<usize>v) << 4
        const start = bias === 0 ? f32x4.splat(0) : v128.load(bias + lane + part)
        let at = from + part
        let to = output + <usize>(r * columns) * pixel + lane + part
        for (let q = 0; q < columns; q += 4) {
          const count = min(4, columns - q)
          if (kernel === 3) {
            if (stride === 1) tile3(at, line, tap + part, i1 - i0, start, to, pixel, count)
            else tile3by2(at, line, tap + part, i1 - i0, start, to, pixel, count)
          } else if (stride === 1) tile5(at, line, tap + part, i1 - i0, start, to, pixel, count)
          else tile5by2(at, line, tap + part, i1 - i0, start, to, pixel, count)
          at += PIXEL * 4 * <usize>stride
          to += pixel * 4
        }
      }
    }
  }
}

function storeFour(to: usize, pixel: usize, count: i32, s0: v128, s1: v128, s2: v128, s3: v128): void {
  v128.store(to, s0)
  if (count > 1) v128.store(to + pixel, s1)
  if (count > 2) v128.store(to + pixel * 2, s2)
  if (count > 3) v128.store(to + pixel * 3, s3)
}

/** Four outputs of a 3 x 3 filter with stride 1; `rows` of the taps lie within the image. */
function tile3(x: usize, line: usize, w: usize, rows: i32, start: v128, to: usize, pixel: usize, count: i32): void {
  let s0 = start
  let s1 = start
  let s2 = start
  let s3 = start
  for (let i = 0; i < rows; i++) {
    const w0 = v128.load(w)
    const w1 = v128.load(w, 64)
    const w2 = v128.load(w, 128)
    let a = v128.load(x)
    s0 = madd(a, w0, s0)
    a = v128.load(x, 64)
    s0 = madd(a, w1, s0)
    s1 = madd(a, w0, s1)
    a = v128.load(x, 128)
    s0 = madd(a, w2, s0)
    s1 = madd(a, w1, s1)
    s2 = madd(a, w0, s2)
    a = v128.load(x, 192)
    s1 = madd(a, w2, s1)
    s2 = madd(a, w1, s2)
    s3 = madd(a, w0, s3)
    a = v128.load(x, 256)
    s2 = madd(a, w2, s2)
    s3 = madd(a, w1, s3)
    a = v128.load(x, 320)
    s3 = madd(a, w2, s3)
    x += line
    w += PIXEL * 3
  }
  storeFour(to, pixel, count, s0, s1, s2, s3)
}

/** Four outputs of a 3 x 3 filter with stride 2; `rows` of the taps lie within the image. */
function tile3by2(x: usize, line: usize, w: usize, rows: i32, start: v128, to: usize, pixel: usize, count: i32): void {
  let s0 = start
  let s1 = start
  let s2 = start
  let s3 = start
  for (let i = 0; i < rows; i++) {
    let t = v128.load(w)
    s0 = madd(v128.load(x), t, s0)
    s1 = madd(v128.load(x, 128), t, s1)
    s2 = madd(v128.load(x, 256), t, s2)
    s3 = madd(v128.load(x, 384), t, s3)
    t = v128.load(w, 64)
    s0 = madd(v128.load(x, 64), t, s0)
    s1 = madd(v128.load(x, 192), t, s1)
    s2 = madd(v128.load(x, 320), t, s2)
    s3 = madd(v128.load(x, 448), t, s3)
    t = v128.load(w, 128)
    s0 = madd(v128.load(x, 128), t, s0)
    s1 = madd(v128.load(x, 256), t, s1)
    s2 = madd(v128.load(x, 384), t, s2)
    s3 = madd(v128.load(x, 512), t, s3)
    x += line
    w += PIXEL * 3
  }
  storeFour(to, pixel, count, s0, s1, s2, s3)
}

/** Four outputs of a 5 x 5 filter with stride 1; `rows` of the taps lie within the image. */
function tile5(x: usize, line: usize, w: usize, rows: i32, start: v128, to: usize, pixel: usize, count: i32): void {
  let s0 = start
  let s1 = start
  let s2 = start
  let s3 = start
  for (let i = 0; i < rows; i++) {
    const w0 = v128.load(w)
    const w1 = v128.load(w, 64)
    const w2 = v128.load(w, 128)
    const w3 = v128.load(w, 192)
    const w4 = v128.load(w, 256)
    let a = v128.load(x)
    s0 = madd(a, w0, s0)
    a = v128.load(x, 64)
    s0 = madd(a, w1, s0)
    s1 = madd(a, w0, s1)
    a = v128.load(x, 128)
    s0 = madd(a, w2, s0)
    s1 = madd(a, w1, s1)
    s2 = madd(a, w0, s2)
    a = v128.load(x, 192)
    s0 = madd(a, w3, s0)
    s1 = madd(a, w2, s1)
    s2 = madd(a, w1, s2)
    s3 = madd(a, w0, s3)
    a = v128.load(x, 256)
    s0 = madd(a, w4, s0)
    s1 = madd(a, w3, s1)
    s2 = madd(a, w2, s2)
    s3 = madd(a, w1, s3)
    a = v128.load(x, 320)
    s1 = madd(a, w4, s1)
    s2 = madd(a, w3, s2)
    s3 = madd(a, w2, s3)
    a = v128.load(x, 384)
    s2 = madd(a, w4, s2)
    s3 = madd(a, w3, s3)
    a = v128.load(x, 448)
    s3 = madd(a, w4, s3)
    x += line
    w += PIXEL * 5
  }
  storeFour(to, pixel, count, s0, s1, s2, s3)
}

/** Four outputs of a 5 x 5 filter with stride 2; `rows` of the taps lie within the image. */
function tile5by2(x: usize, line: usize, w: usize, rows: i32, start: v128, to: usize, pixel: usize, count: i32): void {
  let s0 = start
  let s1 = start
  let s2 = start
  let s3 = start
  for (let i = 0; i < rows; i++) {
    let t = v128.load(w)
    s0 = madd(v128.load(x), t, s0)
    s1 = madd(v128.load(x, 128), t, s1)
    s2 = madd(v128.load(x, 256), t, s2)
    s3 = madd(v128.load(x, 384), t, s3)
    t = v128.load(w, 64)
    s0 = madd(v128.load(x, 64), t, s0)
    s1 = madd(v128.load(x, 192), t, s1)
    s2 = madd(v128.load(x, 320), t, s2)
    s3 = madd(v128.load(x, 448), t, s3)
    t = v128.load(w, 128)
    s0 = madd(v128.load(x, 128), t, s0)
    s1 = madd(v128.load(x, 256), t, s1)
    s2 = madd(v128.load(x, 384), t, s2)
    s3 = madd(v128.load(x, 512), t, s3)
    t = v128.load(w, 192)
    s0 = madd(v128.load(x, 192), t, s0)
    s1 = madd(v128.load(x, 320), t, s1)
    s2 = madd(v128.load(x, 448), t, s2)
    s3 = madd(v128.load(x, 576), t, s3)
    t = v128.load(w, 256)
    s0 = madd(v128.load(x, 256), t, s0)
    s1 = madd(v128.load(x, 384), t, s1)
    s2 = madd(v128.load(x, 512), t, s2)
    s3 = madd(v128.load(x, 640), t, s3)
    x += line
    w += PIXEL * 5
  }
  storeFour(to, pixel, count, s0, s1, s2, s3)
}

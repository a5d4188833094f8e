/**
 * Rows of a depthwise convolution with a 5 x 5 filter, eight channels of an image at a time, four outputs together.
 * What they see lies as depthwise-tiles.ts copies it: pixels of sixteen channels, 64 bytes, with the padding.
 */
import { madd, swish } from "./arithmetic"

/** Bytes of a pixel in the copy, and of a tap. */
const PIXEL: usize = 64

/**
 * Four outputs with stride 1, `count` of which are kept; `rows` of the taps lie within the image. Sums start from
 * the bias, and may go through swish.
 */
export function tile5(
  x: usize,
  line: usize,
  w: usize,
  rows: i32,
  bias: usize,
  to: usize,
  pixel: usize,
  count: i32,
  swished: bool
): void {
  let s0 = v128.load(bias)
  let t0 = v128.load(bias, 16)
  let s1 = s0
  let t1 = t0
  let s2 = s0
  let t2 = t0
  let s3 = s0
  let t3 = t0
  for (let i = 0; i < rows; i++) {
    let a = v128.load(x)
    let b = v128.load(x, 16)
    s0 = madd(a, v128.load(w), s0)
    t0 = madd(b, v128.load(w, 16), t0)
    a = v128.load(x, 64)
    b = v128.load(x, 80)
    s0 = madd(a, v128.load(w, 64), s0)
    t0 = madd(b, v128.load(w, 80), t0)
    s1 = madd(a, v128.load(w), s1)
    t1 = madd(b, v128.load(w, 16), t1)
    a = v128.load(x, 128)
    b = v128.load(x, 144)
    s0 = madd(a, v128.load(w, 128), s0)
    t0 = madd(b, v128.load(w, 144), t0)
    s1 = madd(a, v128.load(w, 64), s1)
    t1 = madd(b, v128.load(w, 80), t1)
    s2 = madd(a, v128.load(w), s2)
    t2 = madd(b, v128.load(w, 16), t2)
    a = v128.load(x, 192)
    b = v128.load(x, 208)
    s0 = madd(a, v128.load(w, 192), s0)
    t0 = madd(b, v128.load(w, 208), t0)
    s1 = madd(a, v128.load(w, 128), s1)
    t1 = madd(b, v128.load(w, 144), t1)
    s2 = madd(a, v128.load(w, 64), s2)
    t2 = madd(b, v128.load(w, 80), t2)
    s3 = madd(a, v128.load(w), s3)
    t3 = madd(b, v128.load(w, 16), t3)
    a = v128.load(x, 256)
    b = v128.load(x, 272)
    s0 = madd(a, v128.load(w, 256), s0)
    t0 = madd(b, v128.load(w, 272), t0)
    s1 = madd(a, v128.load(w, 192), s1)
    t1 = madd(b, v128.load(w, 208), t1)
    s2 = madd(a, v128.load(w, 128), s2)
    t2 = madd(b, v128.load(w, 144), t2)
    s3 = madd(a, v128.load(w, 64), s3)
    t3 = madd(b, v128.load(w, 80), t3)
    a = v128.load(x, 320)
    b = v128.load(x, 336)
    s1 = madd(a, v128.load(w, 256), s1)
    t1 = madd(b, v128.load(w, 272), t1)
    s2 = madd(a, v128.load(w, 192), s2)
    t2 = madd(b, v128.load(w, 208), t2)
    s3 = madd(a, v128.load(w, 128), s3)
    t3 = madd(b, v128.load(w, 144), t3)
    a = v128.load(x, 384)
    b = v128.load(x, 400)
    s2 = madd(a, v128.load(w, 256), s2)
    t2 = madd(b, v128.load(w, 272), t2)
    s3 = madd(a, v128.load(w, 192), s3)
    t3 = madd(b, v128.load(w, 208), t3)
    a = v128.load(x, 448)
    b = v128.load(x, 464)
    s3 = madd(a, v128.load(w, 256), s3)
    t3 = madd(b, v128.load(w, 272), t3)
    x += line
    w += PIXEL * 5
  }
  if (swished) {
    s0 = swish(s0)
    t0 = swish(t0)
    s1 = swish(s1)
    t1 = swish(t1)
    s2 = swish(s2)
    t2 = swish(t2)
    s3 = swish(s3)
    t3 = swish(t3)
  }
  v128.store(to, s0)
  v128.store(to, t0, 16)
  if (count > 1) {
    v128.store(to + pixel, s1)
    v128.store(to + pixel, t1, 16)
  }
  if (count > 2) {
    v128.store(to + pixel * 2, s2)
    v128.store(to + pixel * 2, t2, 16)
  }
  if (count > 3) {
    v128.store(to + pixel * 3, s3)
    v128.store(to + pixel * 3, t3, 16)
  }
}

/**
 * Four outputs with stride 2, `count` of which are kept; `rows` of the taps lie within the image. Sums start from
 * the bias, and may go through swish.
 */
export function tile5by2(
  x: usize,
  line: usize,
  w: usize,
  rows: i32,
  bias: usize,
  to: usize,
  pixel: usize,
  count: i32,
  swished: bool
): void {
  let s0 = v128.load(bias)
  let t0 = v128.load(bias, 16)
  let s1 = s0
  let t1 = t0
  let s2 = s0
  let t2 = t0
  let s3 = s0
  let t3 = t0
  for (let i = 0; i < rows; i++) {
    let a = v128.load(w)
    let b = v128.load(w, 16)
    s0 = madd(v128.load(x), a, s0)
    t0 = madd(v128.load(x, 16), b, t0)
    s1 = madd(v128.load(x, 128), a, s1)
    t1 = madd(v128.load(x, 144), b, t1)
    s2 = madd(v128.load(x, 256), a, s2)
    t2 = madd(v128.load(x, 272), b, t2)
    s3 = madd(v128.load(x, 384), a, s3)
    t3 = madd(v128.load(x, 400), b, t3)
    a = v128.load(w, 64)
    b = v128.load(w, 80)
    s0 = madd(v128.load(x, 64), a, s0)
    t0 = madd(v128.load(x, 80), b, t0)
    s1 = madd(v128.load(x, 192), a, s1)
    t1 = madd(v128.load(x, 208), b, t1)
    s2 = madd(v128.load(x, 320), a, s2)
    t2 = madd(v128.load(x, 336), b, t2)
    s3 = madd(v128.load(x, 448), a, s3)
    t3 = madd(v128.load(x, 464), b, t3)
    a = v128.load(w, 128)
    b = v128.load(w, 144)
    s0 = madd(v128.load(x, 128), a, s0)
    t0 = madd(v128.load(x, 144), b, t0)
    s1 = madd(v128.load(x, 256), a, s1)
    t1 = madd(v128.load(x, 272), b, t1)
    s2 = madd(v128.load(x, 384), a, s2)
    t2 = madd(v128.load(x, 400), b, t2)
    s3 = madd(v128.load(x, 512), a, s3)
    t3 = madd(v128.load(x, 528), b, t3)
    a = v128.load(w, 192)
    b = v128.load(w, 208)
    s0 = madd(v128.load(x, 192), a, s0)
    t0 = madd(v128.load(x, 208), b, t0)
    s1 = madd(v128.load(x, 320), a, s1)
    t1 = madd(v128.load(x, 336), b, t1)
    s2 = madd(v128.load(x, 448), a, s2)
    t2 = madd(v128.load(x, 464), b, t2)
    s3 = madd(v128.load(x, 576), a, s3)
    t3 = madd(v128.load(x, 592), b, t3)
    a = v128.load(w, 256)
    b = v128.load(w, 272)
    s0 = madd(v128.load(x, 256), a, s0)
    t0 = madd(v128.load(x, 272), b, t0)
    s1 = madd(v128.load(x, 384), a, s1)
    t1 = madd(v128.load(x, 400), b, t1)
    s2 = madd(v128.load(x, 512), a, s2)
    t2 = madd(v128.load(x, 528), b, t2)
    s3 = madd(v128.load(x, 640), a, s3)
    t3 = madd(v128.load(x, 656), b, t3)
    x += line
    w += PIXEL * 5
  }
  if (swished) {
    s0 = swish(s0)
    t0 = swish(t0)
    s1 = swish(s1)
    t1 = swish(t1)
    s2 = swish(s2)
    t2 = swish(t2)
    s3 = swish(s3)
    t3 = swish(t3)
  }
  v128.store(to, s0)
  v128.store(to, t0, 16)
  if (count > 1) {
    v128.store(to + pixel, s1)
    v128.store(to + pixel, t1, 16)
  }
  if (count > 2) {
    v128.store(to + pixel * 2, s2)
    v128.store(to + pixel * 2, t2, 16)
  }
  if (count > 3) {
    v128.store(to + pixel * 3, s3)
    v128.store(to + pixel * 3, t3, 16)
  }
}

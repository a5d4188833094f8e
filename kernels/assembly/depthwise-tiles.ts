/**
 * Depthwise convolution, sixteen channels of an image at a time. They are first copied beside each other, with the
 * padding left and right, so that every output sees all columns of its taps at fixed distances; rows outside are
 * skipped. Four outputs of a row are summed together.
 */
import { tile5, tile5by2 } from "./depthwise-five"
import { tile3, tile3by2 } from "./depthwise-three"
import { address, int } from "./job"
import { thread } from "./thread"

/** Channels in one chunk. */
const GROUP = 64
/** Bytes of a pixel in the copy: 16 channels. */
const PIXEL: usize = 64
/** Where there is no bias. */
const ZEROS = memory.data(64, 16)

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
        const v0 = v128.load(x)
        const v1 = v128.load(x, 16)
        const v2 = v128.load(x, 32)
        const v3 = v128.load(x, 48)
        v128.store(to, v0)
        v128.store(to, v1, 16)
        v128.store(to, v2, 32)
        v128.store(to, v3, 48)
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
 * pixels, whether the filter is turned by 180 degrees, with which this is the gradient of x for stride 1, and whether
 * outputs go through swish. Square filters of 3 or 5, strides of 1 or 2, channels a multiple of 8. A chunk is an image
 * and a group of channels.
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
  const swished = int(19) !== 0
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
      for (let v = 0; v < lanes; v += 2) {
        const part = (<usize>v) << 4
        const start = bias === 0 ? ZEROS : bias + lane + part
        let at = from + part
        let to = output + <usize>(r * columns) * pixel + lane + part
        for (let q = 0; q < columns; q += 4) {
          const count = min(4, columns - q)
          if (kernel === 3) {
            if (stride === 1) tile3(at, line, tap + part, i1 - i0, start, to, pixel, count, swished)
            else tile3by2(at, line, tap + part, i1 - i0, start, to, pixel, count, swished)
          } else if (stride === 1) tile5(at, line, tap + part, i1 - i0, start, to, pixel, count, swished)
          else tile5by2(at, line, tap + part, i1 - i0, start, to, pixel, count, swished)
          at += PIXEL * 4 * <usize>stride
          to += pixel * 4
        }
      }
    }
  }
}

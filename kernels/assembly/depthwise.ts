/**
 * Depthwise convolution and its two gradients, NHWC, square dilation 1. Channels are the innermost axis: sixteen at a
 * time (a cache line), then four, then one. Taps outside the image are skipped.
 */
import { madd } from "./arithmetic"
import { address, int } from "./job"

/** Channels in one chunk. */
const GROUP = 64

/**
 * y[n, r, q, c] = sum over taps x[n, r * stride + i - top, q * stride + j - left, c] * w[i, j, c] + bias[c]. A chunk is
 * an image and a group of channels.
 */
export function depthwise(chunk: i32): void {
  const x = address(0)
  const w = address(1)
  const y = address(2)
  const height = int(3)
  const width = int(4)
  const channels = int(5)
  const rows = int(6)
  const columns = int(7)
  const kernelHeight = int(8)
  const kernelWidth = int(9)
  const down = int(10)
  const across = int(11)
  const top = int(12)
  const left = int(13)
  const bias = address(14)
  const groups = (channels + GROUP - 1) / GROUP
  const n = chunk / groups
  const first = (chunk % groups) * GROUP
  const last = min(channels, first + GROUP)
  const pixel = (<usize>channels) << 2
  const input = x + <usize>n * <usize>height * <usize>width * pixel
  const output = y + <usize>n * <usize>rows * <usize>columns * pixel
  let c = first
  while (c < last) {
    const step = c + 16 <= last ? 16 : c + 4 <= last ? 4 : 1
    const lane = (<usize>c) << 2
    for (let r = 0; r < rows; r++) {
      const y0 = r * down - top
      const i0 = max(0, -y0)
      const i1 = min(kernelHeight, height - y0)
      for (let q = 0; q < columns; q++) {
        const x0 = q * across - left
        const j0 = max(0, -x0)
        const j1 = min(kernelWidth, width - x0)
        const to = output + <usize>(r * columns + q) * pixel + lane
        const b = bias + lane
        if (step === 16) {
          let s0 = f32x4.splat(0)
          let s1 = s0
          let s2 = s0
          let s3 = s0
          if (bias !== 0) {
            s0 = v128.load(b)
            s1 = v128.load(b, 16)
            s2 = v128.load(b, 32)
            s3 = v128.load(b, 48)
          }
          for (let i = i0; i < i1; i++) {
            let from = input + <usize>((y0 + i) * width + x0 + j0) * pixel + lane
            let tap = w + <usize>(i * kernelWidth + j0) * pixel + lane
            for (let j = j0; j < j1; j++) {
              s0 = madd(v128.load(from), v128.load(tap), s0)
              s1 = madd(v128.load(from, 16), v128.load(tap, 16), s1)
              s2 = madd(v128.load(from, 32), v128.load(tap, 32), s2)
              s3 = madd(v128.load(from, 48), v128.load(tap, 48), s3)
              from += pixel
              tap += pixel
            }
          }
          v128.store(to, s0)
          v128.store(to, s1, 16)
          v128.store(to, s2, 32)
          v128.store(to, s3, 48)
        } else if (step === 4) {
          let s = bias === 0 ? f32x4.splat(0) : v128.load(b)
          for (let i = i0; i < i1; i++) {
            let from = input + <usize>((y0 + i) * width + x0 + j0) * pixel + lane
            let tap = w + <usize>(i * kernelWidth + j0) * pixel + lane
            for (let j = j0; j < j1; j++) {
              s = madd(v128.load(from), v128.load(tap), s)
              from += pixel
              tap += pixel
            }
          }
          v128.store(to, s)
        } else {
          let s: f32 = bias === 0 ? 0 : load<f32>(b)
          for (let i = i0; i < i1; i++) {
            let from = input + <usize>((y0 + i) * width + x0 + j0) * pixel + lane
            let tap = w + <usize>(i * kernelWidth + j0) * pixel + lane
            for (let j = j0; j < j1; j++) {
              s += load<f32>(from) * load<f32>(tap)
              from += pixel
              tap += pixel
            }
          }
          store<f32>(to, s)
        }
      }
    }
    c += step
  }
}

/** The first tap >= 0 that some output saw the input at `place` (with its padding) through. */
function firstTap(place: i32, outputs: i32, stride: i32): i32 {
  // place - tap = stride * output with output <= outputs - 1.
  const least = max(0, place - (outputs - 1) * stride)
  const off = (place - least) % stride
  return least + (off < 0 ? off + stride : off)
}

/**
 * dx[n, r, q, c] = sum over taps dy[n, (r + top - i) / stride, (q + left - j) / stride, c] * w[i, j, c]. Arguments as
 * for the forward kernel, dy in place of x, dx of y. A chunk is an image and a group of channels.
 */
export function depthwiseInput(chunk: i32): void {
  const dy = address(0)
  const w = address(1)
  const dx = address(2)
  const height = int(3)
  const width = int(4)
  const channels = int(5)
  const rows = int(6)
  const columns = int(7)
  const kernelHeight = int(8)
  const kernelWidth = int(9)
  const down = int(10)
  const across = int(11)
  const top = int(12)
  const left = int(13)
  const groups = (channels + GROUP - 1) / GROUP
  const n = chunk / groups
  const first = (chunk % groups) * GROUP
  const last = min(channels, first + GROUP)
  const pixel = (<usize>channels) << 2
  const upstream = dy + <usize>n * <usize>rows * <usize>columns * pixel
  const output = dx + <usize>n * <usize>height * <usize>width * pixel
  const tapStep = <usize>across * pixel
  let c = first
  while (c < last) {
    const step = c + 16 <= last ? 16 : c + 4 <= last ? 4 : 1
    const lane = (<usize>c) << 2
    for (let r = 0; r < height; r++) {
      const i0 = firstTap(r + top, rows, down)
      const i1 = min(kernelHeight, r + top + 1)
      for (let q = 0; q < width; q++) {
        const j0 = firstTap(q + left, columns, across)
        const j1 = min(kernelWidth, q + left + 1)
        const to = output + <usize>(r * width + q) * pixel + lane
        const column = (q + left - j0) / across
        if (step === 16) {
          let s0 = f32x4.splat(0)
          let s1 = s0
          let s2 = s0
          let s3 = s0
          for (let i = i0; i < i1; i += down) {
            let from = upstream + <usize>(((r + top - i) / down) * columns + column) * pixel + lane
            let tap = w + <usize>(i * kernelWidth + j0) * pixel + lane
            for (let j = j0; j < j1; j += across) {
              s0 = madd(v128.load(from), v128.load(tap), s0)
              s1 = madd(v128.load(from, 16), v128.load(tap, 16), s1)
              s2 = madd(v128.load(from, 32), v128.load(tap, 32), s2)
              s3 = madd(v128.load(from, 48), v128.load(tap, 48), s3)
              from -= pixel
              tap += tapStep
            }
          }
          v128.store(to, s0)
          v128.store(to, s1, 16)
          v128.store(to, s2, 32)
          v128.store(to, s3, 48)
        } else if (step === 4) {
          let s = f32x4.splat(0)
          for (let i = i0; i < i1; i += down) {
            let from = upstream + <usize>(((r + top - i) / down) * columns + column) * pixel + lane
            let tap = w + <usize>(i * kernelWidth + j0) * pixel + lane
            for (let j = j0; j < j1; j += across) {
              s = madd(v128.load(from), v128.load(tap), s)
              from -= pixel
              tap += tapStep
            }
          }
          v128.store(to, s)
        } else {
          let s: f32 = 0
          for (let i = i0; i < i1; i += down) {
            let from = upstream + <usize>(((r + top - i) / down) * columns + column) * pixel + lane
            let tap = w + <usize>(i * kernelWidth + j0) * pixel + lane
            for (let j = j0; j < j1; j += across) {
              s += load<f32>(from) * load<f32>(tap)
              from -= pixel
              tap += tapStep
            }
          }
          store<f32>(to, s)
        }
      }
    }
    c += step
  }
}

/**
 * dw[i, j, c] = sum over outputs x[n, r * stride + i - top, q * stride + j - left, c] * dy[n, r, q, c], for every part
 * of `images` images apart: (part, i, j, c). A chunk is a part and a group of channels.
 */
export function depthwiseFilter(chunk: i32): void {
  const x = address(0)
  const dy = address(1)
  const parts = address(2)
  const height = int(3)
  const width = int(4)
  const channels = int(5)
  const rows = int(6)
  const columns = int(7)
  const kernelHeight = int(8)
  const kernelWidth = int(9)
  const down = int(10)
  const across = int(11)
  const top = int(12)
  const left = int(13)
  const batch = int(14)
  const images = int(15)
  const groups = (channels + GROUP - 1) / GROUP
  const part = chunk / groups
  const first = (chunk % groups) * GROUP
  const last = min(channels, first + GROUP)
  const pixel = (<usize>channels) << 2
  const out = parts + <usize>(part * kernelHeight * kernelWidth) * pixel
  const taps = kernelHeight * kernelWidth
  for (let t = 0; t < taps; t++)
    memory.fill(out + <usize>t * pixel + ((<usize>first) << 2), 0, (<usize>(last - first)) << 2)
  const end = min(batch, (part + 1) * images)
  const tapStep = <usize>across * pixel
  let c = first
  while (c < last) {
    const step = c + 16 <= last ? 16 : c + 4 <= last ? 4 : 1
    const lane = (<usize>c) << 2
    for (let n = part * images; n < end; n++) {
      const input = x + <usize>(n * height * width) * pixel + lane
      const upstream = dy + <usize>(n * rows * columns) * pixel + lane
      for (let r = 0; r < rows; r++) {
        const y0 = r * down - top
        const i0 = max(0, -y0)
        const i1 = min(kernelHeight, height - y0)
        for (let i = i0; i < i1; i++) {
          const inputRow = input + <usize>((y0 + i) * width) * pixel
          for (let j = 0; j < kernelWidth; j++) {
            const offset = j - left
            const q0 = offset >= 0 ? 0 : (across - 1 - offset) / across
            const room = width - 1 - offset
            const q1 = room < 0 ? 0 : min(columns, room / across + 1)
            let from = inputRow + <usize>(q0 * across + offset) * pixel
            let at = upstream + <usize>(r * columns + q0) * pixel
            const to = out + <usize>(i * kernelWidth + j) * pixel + lane
            if (step === 16) {
              let s0 = v128.load(to)
              let s1 = v128.load(to, 16)
              let s2 = v128.load(to, 32)
              let s3 = v128.load(to, 48)
              for (let q = q0; q < q1; q++) {
                s0 = madd(v128.load(from), v128.load(at), s0)
                s1 = madd(v128.load(from, 16), v128.load(at, 16), s1)
                s2 = madd(v128.load(from, 32), v128.load(at, 32), s2)
                s3 = madd(v128.load(from, 48), v128.load(at, 48), s3)
                from += tapStep
                at += pixel
              }
              v128.store(to, s0)
              v128.store(to, s1, 16)
              v128.store(to, s2, 32)
              v128.store(to, s3, 48)
            } else if (step === 4) {
              let s = v128.load(to)
              for (let q = q0; q < q1; q++) {
                s = madd(v128.load(from), v128.load(at), s)
                from += tapStep
                at += pixel
              }
              v128.store(to, s)
            } else {
              let s = load<f32>(to)
              for (let q = q0; q < q1; q++) {
                s += load<f32>(from) * load<f32>(at)
                from += tapStep
                at += pixel
              }
              store<f32>(to, s)
            }
          }
        }
      }
    }
    c += step
  }
}

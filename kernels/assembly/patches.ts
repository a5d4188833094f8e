/** Convolutions with a kernel wider than one pixel as products: what each output sees, laid out as a row. */
import { address, int } from "./job"

/** (N, H, W, C) -> (N * rows * columns, kernel height * kernel width * C). A chunk is a row of outputs. */
export function patches(chunk: i32): void {
  const x = address(0)
  const out = address(1)
  const height = int(2)
  const width = int(3)
  const channels = int(4)
  const rows = int(5)
  const columns = int(6)
  const kernelHeight = int(7)
  const kernelWidth = int(8)
  const down = int(9)
  const across = int(10)
  const top = int(11)
  const left = int(12)
  const pixel = (<usize>channels) << 2
  const n = chunk / rows
  const y0 = (chunk % rows) * down - top
  let to = out + <usize>(chunk * columns * kernelHeight * kernelWidth) * pixel
  for (let q = 0; q < columns; q++) {
    const x0 = q * across - left
    for (let i = 0; i < kernelHeight; i++) {
      const y = y0 + i
      for (let j = 0; j < kernelWidth; j++) {
        const z = x0 + j
        if (y < 0 || y >= height || z < 0 || z >= width) memory.fill(to, 0, pixel)
        else {
          const from = x + <usize>((n * height + y) * width + z) * pixel
          for (let c: usize = 0; c < pixel; c += 4) store<f32>(to + c, load<f32>(from + c))
        }
        to += pixel
      }
    }
  }
}

/** The gradient of `patches`: adds every patch back to where it came from. Same arguments. A chunk is an image. */
export function scatterPatches(chunk: i32): void {
  const dx = address(0)
  const from = address(1)
  const height = int(2)
  const width = int(3)
  const channels = int(4)
  const rows = int(5)
  const columns = int(6)
  const kernelHeight = int(7)
  const kernelWidth = int(8)
  const down = int(9)
  const across = int(10)
  const top = int(11)
  const left = int(12)
  const pixel = (<usize>channels) << 2
  const image = dx + <usize>(chunk * height * width) * pixel
  memory.fill(image, 0, <usize>(height * width) * pixel)
  let at = from + <usize>(chunk * rows * columns * kernelHeight * kernelWidth) * pixel
  for (let r = 0; r < rows; r++) {
    for (let q = 0; q < columns; q++) {
      for (let i = 0; i < kernelHeight; i++) {
        const y = r * down - top + i
        for (let j = 0; j < kernelWidth; j++) {
          const z = q * across - left + j
          if (y >= 0 && y < height && z >= 0 && z < width) {
            const to = image + <usize>(y * width + z) * pixel
            for (let c: usize = 0; c < pixel; c += 4) store<f32>(to + c, load<f32>(to + c) + load<f32>(at + c))
          }
          at += pixel
        }
      }
    }
  }
}

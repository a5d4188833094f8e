/** The module: `serve` is a worker's life, `run` a job with the main thread's share of it. */
import { adam } from "./adam"
import { addParts } from "./add-parts"
import { affine, affineFactors } from "./affine"
import { madd } from "./arithmetic"
import { depthwise, depthwiseFilter, depthwiseInput } from "./depthwise"
import { depthwiseTiles } from "./depthwise-tiles"
import { binary, unary } from "./elementwise"
import { gate } from "./gate"
import { awaitDone, awaitEpoch, chunks, epoch, finish, kernel, publish, take } from "./job"
import { momentParts, momentTotals } from "./moments"
import { gradientParts, gradientTotals, inputFactors, inputGradient } from "./norm-gradient"
import { patches, scatterPatches } from "./patches"
import { pool } from "./pooling"
import { product } from "./product"
import { swishGradient } from "./swish-gradient"
import { setThread } from "./thread"
import { transposedProduct } from "./transposed-product"

/** Numbered as in src/model/backends/simd/machine.ts. */
function compute(which: i32, chunk: i32): void {
  switch (which) {
    case 0:
      product(chunk)
      break
    case 1:
      transposedProduct(chunk)
      break
    case 2:
      addParts(chunk)
      break
    case 3:
      depthwise(chunk)
      break
    case 4:
      depthwiseInput(chunk)
      break
    case 5:
      depthwiseFilter(chunk)
      break
    case 6:
      momentParts(chunk)
      break
    case 7:
      gradientParts(chunk)
      break
    case 8:
      momentTotals(chunk)
      break
    case 9:
      affineFactors(chunk)
      break
    case 10:
      gradientTotals(chunk)
      break
    case 11:
      inputFactors(chunk)
      break
    case 12:
      affine(chunk)
      break
    case 13:
      inputGradient(chunk)
      break
    case 14:
      binary(chunk)
      break
    case 15:
      unary(chunk)
      break
    case 16:
      swishGradient(chunk)
      break
    case 17:
      adam(chunk)
      break
    case 18:
      pool(chunk)
      break
    case 19:
      gate(chunk)
      break
    case 20:
      patches(chunk)
      break
    case 21:
      scatterPatches(chunk)
      break
    case 22:
      depthwiseTiles(chunk)
      break
  }
}

function work(): void {
  for (;;) {
    const chunk = take()
    if (chunk < 0) return
    compute(kernel(), chunk)
    finish()
  }
}

/** Does the job that is written; with `alone`, without the workers. */
export function run(alone: bool): void {
  if (alone || chunks() < 2) {
    const which = kernel()
    const all = chunks()
    for (let chunk = 0; chunk < all; chunk++) compute(which, chunk)
    return
  }
  publish()
  work()
  awaitDone()
}

/** Works on jobs for ever, as the thread of that number; the main thread is 0. */
export function serve(number: i32): void {
  setThread(number)
  for (;;) {
    const seen = epoch()
    work()
    awaitEpoch(seen)
  }
}

/** Whether this build multiplies and adds in one rounding here. */
export function fused(): bool {
  const a = f32x4.splat(1 + 0.000244140625)
  const b = f32x4.splat(-(1 + 0.00048828125))
  return f32x4.extract_lane(madd(a, a, b), 0) !== 0
}

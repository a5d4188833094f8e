/** Pictures of where a network looked: the image as it saw it, and beside it the same under its heat map. */
import { dirname, join, resolve } from "node:path"
import * as Effect from "effect/Effect"
import { heatPicture } from "../src/image/heat-map.ts"
import { gradCam } from "../src/model/grad-cam.ts"
import { writeAtomic } from "../src/store/files.ts"
import type { NamedImage } from "./find-images.ts"

/** Writes a PNG for every image, named as the image; its folders are made. Gives the paths, in the order of the rows. */
export const writePictures = Effect.fnUntraced(function* (
  folder: string,
  weights: Uint8Array,
  rows: ReadonlyArray<{ readonly image: NamedImage; readonly pixels: Uint8Array }>,
  side: number
) {
  const maps = yield* gradCam(weights, {
    size: rows.length,
    views: 1,
    side,
    read: (row, _, into) => into.set(rows[row]!.pixels)
  })
  const cells = maps.side * maps.side
  return yield* Effect.forEach(rows, ({ image, pixels }, row) =>
    Effect.gen(function* () {
      const path = join(resolve(folder), `${image.name}.png`)
      const map = maps.data.subarray(row * cells, (row + 1) * cells)
      yield* writeAtomic(path, yield* heatPicture({ pixels, side, map, cells: maps.side }), dirname(path))
      return path
    })
  )
})

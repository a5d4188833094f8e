/** What stands outside an image when a filter or a warp asks for it; names and indices as in OpenCV. */
import * as Schema from "effect/Schema"

/** `abcd` continues to the left as: constant `000|`, replicate `aaa|`, reflect `cba|`, reflect101 `dcb|`, wrap `bcd|`. */
export const BorderMode = Schema.Literals(["constant", "replicate", "reflect", "reflect101", "wrap"])
export type BorderMode = typeof BorderMode.Type

/** The index in [0, length) that stands for `index`, or -1 where the border is constant. */
export const borderIndex = (index: number, length: number, mode: BorderMode): number => {
  if (index >= 0 && index < length) return index
  switch (mode) {
    case "constant":
      return -1
    case "replicate":
      return index < 0 ? 0 : length - 1
    case "wrap":
      return ((index % length) + length) % length
    default: {
      if (length === 1) return 0
      // Nearly every position is less than a length outside: mirrored once, without a division.
      const once = (index < 0 ? -index : 2 * length - 2 - index) + (mode === "reflect" ? (index < 0 ? -1 : 1) : 0)
      if (once >= 0 && once < length) return once
      const period = mode === "reflect" ? 2 * length : 2 * length - 2
      const phase = ((index % period) + period) % period
      return phase < length ? phase : mode === "reflect" ? period - 1 - phase : period - phase
    }
  }
}

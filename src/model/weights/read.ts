/** A weight file of PyTorch or safetensors, told by its first bytes. */
import * as Effect from "effect/Effect"
import { WeightFileError } from "../errors.ts"
import { convertCommand, parsePth } from "./pth.ts"
import { reading, readSafetensors, type TensorFile } from "./safetensors.ts"

const startsWith = (bytes: Uint8Array, ...magic: ReadonlyArray<number>): boolean =>
  magic.every((byte, i) => bytes[i] === byte)

export const readWeightFile = (bytes: Uint8Array, place: string): Effect.Effect<TensorFile, WeightFileError> => {
  const refuse = (message: string) => Effect.fail(new WeightFileError({ tensor: undefined, message }))
  if (startsWith(bytes, 0x50, 0x4b, 3, 4)) return reading(parsePth, bytes, place)
  if (startsWith(bytes, 0x80, 2)) {
    return refuse(
      `${place}: a PyTorch file from before 1.6, a bare pickle. If you trust it, convert it: ${convertCommand(place)}`
    )
  }
  if (startsWith(bytes, 0x89, 0x48, 0x44, 0x46)) {
    return refuse(
      `${place}: a Keras HDF5 file. Only the stage import-weights reads these: give it the file, or use readKerasH5.`
    )
  }
  return readSafetensors(bytes, place)
}

/** Weights of any format → safetensors, names and layout as they stand: what training starts from. */
import * as Effect from "effect/Effect"
import type { WeightFileError } from "../errors.ts"
import { readWeightFile } from "./read.ts"
import { writeSafetensors } from "./safetensors.ts"

const isHdf5 = (bytes: Uint8Array): boolean => [0x89, 0x48, 0x44, 0x46].every((byte, i) => bytes[i] === byte)

/** The library for HDF5 starts with a megabyte of WebAssembly: loaded where there is such a file. */
const readHdf5 = (bytes: Uint8Array, place: string) =>
  Effect.flatMap(
    Effect.promise(() => import("./keras-h5.ts")),
    ({ readKerasH5 }) => readKerasH5(bytes, place)
  )

/** A file that is safetensors already is only read through, for its faults. */
export const toSafetensors = (bytes: Uint8Array, place: string): Effect.Effect<Uint8Array, WeightFileError> =>
  Effect.map(isHdf5(bytes) ? readHdf5(bytes, place) : readWeightFile(bytes, place), (file) =>
    isHdf5(bytes) || bytes[0] === 0x50 ? writeSafetensors(file) : bytes
  )

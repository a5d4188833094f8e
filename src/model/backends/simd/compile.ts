/**
 * Compiling the kernels. V8 can join two neighbouring operations of 128 bits into one of 256 on x86-64 with AVX2, which
 * doubles what a thread computes; it does so behind a flag, which is set while these modules are compiled and no
 * longer. The numbers stay the same, bit by bit: test/model/simd.test.ts holds that. Engines without it compile the
 * modules as they are.
 */
import { setFlagsFromString } from "node:v8"
import { type Module, WebAssembly } from "./webassembly.ts"

/** Node 24's V8 is the first seen to have the flag; an engine that does not know it would complain of it aloud. */
const joinsVectors = (): boolean => process.arch === "x64" && Number(process.versions.v8.split(".")[0]) >= 13

/** Everything at once, by the optimising compiler: what is compiled later would be so without the flag. */
const whileCompiling = ["--experimental-wasm-revectorize", "--no-liftoff", "--no-wasm-lazy-compilation"]
const afterwards = ["--no-experimental-wasm-revectorize", "--liftoff", "--wasm-lazy-compilation"]

/** @param wide whether the engine may join vectors, where it can */
export const compile = (bytes: Uint8Array, wide: boolean): Module => {
  if (!wide || !joinsVectors()) return new WebAssembly.Module(bytes)
  for (const flag of whileCompiling) setFlagsFromString(flag)
  try {
    return new WebAssembly.Module(bytes)
  } finally {
    for (const flag of afterwards) setFlagsFromString(flag)
  }
}

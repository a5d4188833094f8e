/**
 * Compiles the kernels of the `simd` backend, AssemblyScript, to WebAssembly, twice: with relaxed SIMD (fused multiply
 * and add) and without. Writes them as base64 into src/model/backends/simd/modules.ts, so that they are part of the
 * code that uses them, in a bundle too.
 *
 *   npm run build:kernels
 */
import { readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { main } from "assemblyscript/asc"

const here = dirname(fileURLToPath(import.meta.url))
const target = join(here, "..", "src", "model", "backends", "simd", "modules.ts")

/** 4 GiB, all that 32-bit addresses reach; memory is taken as it is needed. */
const pages = 65536

const compile = async (relaxed: boolean): Promise<Uint8Array> => {
  let module: Uint8Array | undefined
  const features = ["simd", "threads", ...(relaxed ? ["relaxed-simd"] : [])].flatMap((name) => ["--enable", name])
  const memory = ["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", `${pages}`]
  const options = ["--outFile", "kernels.wasm", "--runtime", "stub", "-O3", "--noAssert", "--memoryBase", "4096"]
  const { error, stderr } = await main(["index.ts", ...options, ...features, ...memory], {
    readFile: (name) => {
      try {
        return readFileSync(join(here, "assembly", name), "utf8")
      } catch {
        return null
      }
    },
    writeFile: (_, contents) => {
      if (typeof contents !== "string") module = contents
    },
    listFiles: () => []
  })
  if (error || !module) throw new Error(`the kernels do not compile: ${stderr.toString() || error?.message}`)
  return module
}

export const modulesSource = async (): Promise<string> => {
  const [relaxed, plain] = [await compile(true), await compile(false)].map((m) => Buffer.from(m).toString("base64"))
  return `/** Made by kernels/build.ts from kernels/assembly; do not edit. WebAssembly modules in base64. */

/** With relaxed SIMD. */
export const relaxedModule =
  "${relaxed}"

/** Without. */
export const plainModule =
  "${plain}"
`
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) writeFileSync(target, await modulesSource())

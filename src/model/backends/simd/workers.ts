/** Threads that serve the jobs of a machine. They end with the process and do not keep it alive. */
import { Worker } from "node:worker_threads"
import type { Memory, Module } from "./webassembly.ts"

/** A worker's whole program; a string, so that a bundle of this module needs no second file. */
const program = `
const { workerData: { module, memory, number } } = require("node:worker_threads")
new WebAssembly.Instance(module, { env: { memory } }).exports.serve(number)
`

/** Starts `count` threads over the module and its memory. Gives back how to end them. */
export const startWorkers = (module: Module, memory: Memory, count: number): (() => Promise<void>) => {
  const workers = Array.from({ length: count }, (_, index) => {
    const options = {
      eval: true,
      workerData: { module, memory, number: index + 1 },
      execArgv: [],
      env: {},
      name: "simd"
    }
    const worker = new Worker(program, options)
    worker.unref()
    return worker
  })
  return async () => {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

/** Memory of this program and of the processes that it started. */
import { readdirSync, readFileSync } from "node:fs"

/** Linux tells a process's memory in pages of this size on the machines that Node runs on, but for some of ARM's. */
const page = 4096

const read = (path: string): string => {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}

const childrenOf = (pid: number): ReadonlyArray<number> => {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      read(`/proc/${pid}/task/${task}/children`).split(" ").filter(Boolean).map(Number)
    )
  } catch {
    return []
  }
}

const resident = (pid: number): number => Number(read(`/proc/${pid}/statm`).split(" ")[1] ?? 0) * page

/** Bytes, with all that was started from here; of this process alone where the system does not tell of the others. */
export const memoryInUse = (): number => {
  const below = (pid: number): number => childrenOf(pid).reduce((sum, child) => sum + resident(child) + below(child), 0)
  return process.memoryUsage.rss() + below(process.pid)
}

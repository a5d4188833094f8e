/** Runs commands as whole processes and takes the median of their wall times. */
import { spawnSync } from "node:child_process"

export interface Program {
  readonly command: ReadonlyArray<string>
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs to the end; throws with the program's last words where it fails or takes longer than `limit` seconds. */
export const execute = ({ command, cwd, env }: Program, limit = 300): string => {
  const [file = "", ...args] = command
  const done = spawnSync(file, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
    timeout: limit * 1000,
    killSignal: "SIGKILL",
    maxBuffer: 1 << 28
  })
  if (done.status === 0) return done.stdout + done.stderr
  const words = `${done.stdout}\n${done.stderr}`.trim().slice(-300)
  throw new Error(done.signal === null ? `exit ${done.status}: ${words}` : `not done within ${limit} s`)
}

const median = (values: ReadonlyArray<number>): number => values.toSorted((a, b) => a - b)[values.length >> 1]!

/** Median seconds of `times` runs of `work`; `before` each is not counted. */
export const seconds = (times: number, work: () => void, before: (time: number) => void = () => {}): number => {
  const taken: Array<number> = []
  for (let time = 0; time < times; time++) {
    before(time)
    const start = performance.now()
    work()
    taken.push((performance.now() - start) / 1000)
  }
  return median(taken)
}

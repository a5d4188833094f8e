/** How long work takes on a few workers: list scheduling (Graham 1969), what is ready first goes first. */
export interface Task {
  readonly name: string
  /** Names of the tasks before it; others are done. */
  readonly inputs: ReadonlyArray<string>
  readonly seconds: number
  /** A worker is at it already. */
  readonly running: boolean
}

/** Seconds until the last task is done. `tasks`: each after its inputs. */
export const makespan = (tasks: ReadonlyArray<Task>, workers: number): number => {
  const free = Array.from({ length: Math.max(1, workers) }, () => 0)
  const ends = new Map<string, number>()
  const names = new Set(tasks.map(({ name }) => name))
  const open = new Set(tasks)
  const begin = (task: Task, ready: number) => {
    const worker = free.indexOf(Math.min(...free))
    const end = Math.max(ready, free[worker]!) + task.seconds
    free[worker] = end
    ends.set(task.name, end)
    open.delete(task)
  }
  for (const task of tasks) if (task.running) begin(task, 0)
  while (open.size > 0) {
    let next: { readonly task: Task; readonly ready: number } | undefined
    for (const task of open) {
      const inputs = task.inputs.filter((input) => names.has(input))
      if (!inputs.every((input) => ends.has(input))) continue
      const ready = inputs.reduce((latest, input) => Math.max(latest, ends.get(input)!), 0)
      if (next === undefined || ready < next.ready) next = { task, ready }
    }
    if (next === undefined) break
    begin(next.task, next.ready)
  }
  return Math.max(0, ...ends.values())
}

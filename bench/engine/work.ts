/**
 * The work that every engine gets: `size` nodes in pairs. Node `a<i>` copies the source file `in/<i>`, node `b<i>` copies
 * what `a<i>` made. The small one is shaped like the melanoma pipeline instead: a chain of four, then arms side by side,
 * then one node that gathers them.
 */
export interface Job {
  readonly name: string
  /** Names of the nodes that it reads. */
  readonly inputs: ReadonlyArray<string>
  /** Name of the source file that it reads, where it reads one. */
  readonly source?: string
}

export const melanoma: ReadonlyArray<Job> = [
  { name: "ingest", inputs: [], source: "0" },
  { name: "split", inputs: ["ingest"] },
  ...["real", "oversampled", "synthetic"].flatMap((arm) => [
    { name: `balance-${arm}`, inputs: ["split"] },
    { name: `resize-${arm}`, inputs: [`balance-${arm}`] },
    { name: `fine-tune-${arm}`, inputs: [`resize-${arm}`] },
    { name: `evaluate-${arm}`, inputs: [`fine-tune-${arm}`] }
  ]),
  {
    name: "compare-with-gan",
    inputs: ["real", "oversampled", "synthetic"].map((arm) => `evaluate-${arm}`)
  }
]

export const pairs = (size: number): ReadonlyArray<Job> =>
  Array.from({ length: size / 2 }, (_, at) => [
    { name: `a${at}`, inputs: [], source: String(at) },
    { name: `b${at}`, inputs: [`a${at}`] }
  ]).flat()

/** Jobs that nothing reads. */
export const ends = (jobs: ReadonlyArray<Job>): ReadonlyArray<string> => {
  const read = new Set(jobs.flatMap((job) => job.inputs))
  return jobs.map((job) => job.name).filter((name) => !read.has(name))
}

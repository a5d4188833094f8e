/**
 * Reports: `reports/PIPELINE/RUN/`, a folder a run, and `reports/PIPELINE/latest`, a relative link to the newest (a copy
 * where the system makes no links). A folder is written aside, flushed and renamed, so one that is there is whole. Its
 * `SHA256SUMS` lists the files (`sha256sum -c` reads it): a run whose report is that of an earlier one, to the byte,
 * points to that and writes none.
 */
import { randomUUID } from "node:crypto"
import * as fs from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import { digestOf } from "./digest.ts"
import { isNotFound, type StoreError, storeError } from "./error.ts"
import { makeFolder, moveInto, remove, writeAtomic } from "./files.ts"

export interface ReportFile {
  /** Relative, with "/" between folders and no "..". */
  readonly name: string
  readonly content: string | Uint8Array
}

export const sumsName = "SHA256SUMS"
export const latestName = "latest"

const sumsOf = (files: ReadonlyArray<ReportFile>): string =>
  files
    .map(({ name, content }) => `${digestOf(content)}  ${name}\n`)
    .sort()
    .join("")

const bytesAt = (path: string): Promise<Buffer | undefined> => fs.readFile(path).catch(() => undefined)

/** Whether a folder holds these files as they are: one that somebody has edited is left to them. */
const holds = async (folder: string, files: ReadonlyArray<ReportFile>): Promise<boolean> => {
  for (const { name, content } of files) {
    if (!(await bytesAt(join(folder, name)))?.equals(Buffer.from(content))) return false
  }
  return true
}

/** The newest folder of a pipeline with just this report. */
const findSame = (
  folder: string,
  files: ReadonlyArray<ReportFile>,
  sums: string
): Effect.Effect<string | undefined, StoreError> =>
  Effect.tryPromise({
    try: async () => {
      const entries = await fs.readdir(folder, { withFileTypes: true })
      const runs = entries.filter((entry) => entry.isDirectory() && entry.name !== latestName).map(({ name }) => name)
      for (const run of runs.sort().toReversed()) {
        const known = await bytesAt(join(folder, run, sumsName))
        if (known?.toString() === sums && (await holds(join(folder, run), files))) return run
      }
      return undefined
    },
    catch: storeError("list", folder)
  }).pipe(Effect.catch((error) => (isNotFound(error) ? Effect.succeed(undefined) : Effect.fail(error))))

const writeFolder = Effect.fnUntraced(function* (path: string, files: ReadonlyArray<ReportFile>, temporary: string) {
  const draft = join(temporary, randomUUID())
  yield* Effect.forEach(files, ({ name, content }) => writeAtomic(join(draft, name), content, temporary)).pipe(
    Effect.andThen(moveInto(draft, path)),
    Effect.onError(() => Effect.ignore(remove(draft)))
  )
})

/** Makes `latest` stand for `run`. Between two copies there is a moment with none; a link is replaced at once. */
const pointLatest = (folder: string, run: string, temporary: string): Effect.Effect<void, StoreError> => {
  const latest = join(folder, latestName)
  return Effect.tryPromise({
    try: async () => {
      if ((await fs.readlink(latest).catch(() => undefined)) === run) return
      await makeFolder(temporary)
      const draft = join(temporary, randomUUID())
      try {
        await fs.symlink(run, draft, "dir").catch(() => fs.cp(join(folder, run), draft, { recursive: true }))
        await fs.rename(draft, latest).catch(async () => {
          // A folder stands there, or is to replace a link: it goes aside first.
          const old = join(temporary, randomUUID())
          await fs.rename(latest, old)
          await fs.rename(draft, latest)
          await fs.rm(old, { recursive: true, force: true })
        })
      } finally {
        await fs.rm(draft, { recursive: true, force: true })
      }
    },
    catch: storeError("write", latest)
  })
}

/** Keeps a run's report. Gives the folder that has it: the run's own, or that of an earlier run with the same bytes. */
export const keepReport = Effect.fnUntraced(function* (
  root: string,
  pipeline: string,
  run: string,
  files: ReadonlyArray<ReportFile>
): Effect.fn.Return<string, StoreError> {
  const folder = join(root, "reports", pipeline)
  const temporary = join(root, "tmp")
  const sums = sumsOf(files)
  const same = yield* findSame(folder, files, sums)
  if (same === undefined)
    yield* writeFolder(join(folder, run), [...files, { name: sumsName, content: sums }], temporary)
  yield* pointLatest(folder, same ?? run, temporary)
  return join(folder, same ?? run)
})

/** How many reports a store keeps, and bytes of all that lies beside them. */
export const countReports = (
  files: ReadonlyArray<{ readonly path: string; readonly size: number }>
): { readonly count: number; readonly bytes: number } => ({
  count: files.filter(({ path }) => basename(path) === sumsName && basename(dirname(path)) !== latestName).length,
  bytes: files.reduce((sum, { size }) => sum + size, 0)
})

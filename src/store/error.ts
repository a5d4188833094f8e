import * as Schema from "effect/Schema"

const mends: Record<string, string> = {
  ENOSPC: "free some space (`gc` drops what no recent run needs), then run again: nothing half-written is kept",
  EDQUOT: "free some space (`gc` drops what no recent run needs), then run again: nothing half-written is kept",
  EROFS: "choose a folder that can be written with --store",
  EACCES: "give yourself the right to write there, or choose another folder with --store",
  EPERM: "give yourself the right to write there, or choose another folder with --store",
  ENOTDIR: "a file stands where the store needs a folder: move it, or choose another folder with --store",
  EEXIST: "a file stands where the store needs a folder: move it, or choose another folder with --store",
  EMFILE: "raise the limit of open files (ulimit -n)"
}

/** Reading or writing the store failed: the disk, its rights, its space. */
export class StoreError extends Schema.TaggedError<StoreError>()("StoreError", {
  operation: Schema.String,
  path: Schema.String,
  code: Schema.String,
  reason: Schema.String
}) {
  override get message(): string {
    const mend = mends[this.code] ?? "see the reason; the store itself is as it was"
    return `store: cannot ${this.operation} ${this.path}: ${this.reason}\n  mend: ${mend}`
  }
}

/** The folder was made by a newer version of this program, or is no store at all. */
export class StoreVersionError extends Schema.TaggedError<StoreVersionError>()("StoreVersionError", {
  path: Schema.String,
  found: Schema.String,
  supported: Schema.Int
}) {
  override get message(): string {
    return `store: ${this.path} has format ${this.found}, this program reads format ${this.supported}\n  mend: update dermograph, or choose another folder with --store`
  }
}

/** A blob that is not there, or whose bytes are not what its name says. */
export class DamagedBlob extends Schema.TaggedError<DamagedBlob>()("DamagedBlob", {
  digest: Schema.String,
  fault: Schema.Literals(["missing", "altered"])
}) {
  override get message(): string {
    return `store: blob ${this.digest.slice(0, 12)} is ${this.fault}\n  mend: run again: what needs it is made anew`
  }
}

const errnoCode = (cause: unknown): string =>
  typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "UNKNOWN"

/** Wraps a failure of node:fs. */
export const storeError =
  (operation: string, path: string) =>
  (cause: unknown): StoreError =>
    new StoreError({
      operation,
      path,
      code: errnoCode(cause),
      reason: cause instanceof Error ? cause.message : String(cause)
    })

export const isNotFound = (error: StoreError): boolean => error.code === "ENOENT" || error.code === "ENOTDIR"

/**
 * The identity of stages' code: bundle digest, the files behind it, the packages it reaches. A stat index keeps what
 * was learned, so that nothing is bundled while nothing changed.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { canonicalJson, digestOf } from "../store/digest.ts"
import { bundleStage } from "./bundle.ts"
import type { CodeError } from "./errors.ts"
import { memo } from "./memo.ts"
import { packageClosure, readLockFile } from "./packages.ts"
import type { AnyStage } from "./stage.ts"

export interface Identity {
  readonly code: string
  /** Source file → digest of its bytes. */
  readonly files: Readonly<Record<string, string>>
  readonly packages: Readonly<Record<string, string>>
  /** The bundled module on disk: what a worker imports. */
  readonly bundle: string
}

export class CodeIdentity extends Context.Service<
  CodeIdentity,
  { readonly of: (stage: AnyStage) => Effect.Effect<Identity, CodeError> }
>()("dermograph/CodeIdentity") {}

const Stat = Schema.Tuple([Schema.String, Schema.String, Schema.String, Schema.String])
const Entry = Schema.Struct({
  code: Schema.String,
  bundledAt: Schema.String,
  /** Every file read → [size, mtime ns, ctime ns, inode] */
  read: Schema.Record(Schema.String, Stat),
  /** File that contributed → digest */
  files: Schema.Record(Schema.String, Schema.String),
  packages: Schema.Array(Schema.String)
})
type Entry = typeof Entry.Type
const Index = Schema.fromJsonString(
  Schema.Struct({ bundler: Schema.String, stages: Schema.Record(Schema.String, Entry) })
)

/** A file changed this shortly before it was bundled may have changed again with the same times. */
const resolution = 2_000_000_000n

const statOf = (path: string): readonly [string, string, string, string] => {
  const stat = statSync(path, { bigint: true })
  return [String(stat.size), String(stat.mtimeNs), String(stat.ctimeNs), String(stat.ino)]
}

const bundlerVersion = (): string => createRequire(import.meta.url)("esbuild/package.json").version as string

const isFresh = (root: string, entry: Entry): boolean =>
  Object.entries(entry.read).every(([file, known]) => {
    try {
      const stat = statOf(join(root, file))
      const settled = BigInt(known[1]) + resolution < BigInt(entry.bundledAt)
      return settled && stat.every((value, at) => value === known[at])
    } catch {
      return false
    }
  })

/** Identities for the project in `root`; bundles and their index are kept in `node_modules/.cache/dermograph`. */
const make = (root: string) =>
  Effect.sync(() => {
    // Bundles lie inside the project, where their imports of packages resolve.
    const folder = join(root, "node_modules", ".cache", "dermograph")
    const indexPath = join(folder, "code.json")
    const lock = readLockFile(root)
    const bundler = bundlerVersion()
    const readIndex = () => {
      try {
        const index = Schema.decodeUnknownOption(Index)(readFileSync(indexPath, "utf8"))
        return Option.isSome(index) && index.value.bundler === bundler ? index.value : undefined
      } catch {
        return undefined
      }
    }
    const index = readIndex()
    const stages: Record<string, Entry> = { ...index?.stages }
    const pathOf = (code: string) => join(folder, `${code}.mjs`)

    const save = (path: string, text: string): void => {
      mkdirSync(folder, { recursive: true })
      const draft = `${path}.${process.pid}.tmp`
      writeFileSync(draft, text)
      renameSync(draft, path)
    }

    const identity = (entry: Entry): Identity => ({
      code: entry.code,
      files: entry.files,
      packages: packageClosure(lock, entry.packages),
      bundle: pathOf(entry.code)
    })

    const learn = Effect.fnUntraced(function* (stage: AnyStage) {
      const entry = stages[stage.module]
      if (entry !== undefined && isFresh(root, entry) && digestMatches(pathOf(entry.code), entry.code)) {
        return identity(entry)
      }
      const bundledAt = String(BigInt(Date.now()) * 1_000_000n)
      const bundle = yield* bundleStage(root, stage)
      const fresh: Entry = {
        code: bundle.digest,
        bundledAt,
        read: Object.fromEntries(bundle.read.map((file) => [file, statOf(join(root, file))])),
        files: Object.fromEntries(bundle.files.map((file) => [file, digestOf(readFileSync(join(root, file)))])),
        packages: bundle.packages
      }
      stages[stage.module] = fresh
      save(pathOf(bundle.digest), bundle.code)
      save(`${pathOf(bundle.digest)}.map`, bundle.map)
      // Of a stage that is gone, nothing is kept.
      const kept = Object.entries(stages).filter(([module]) => existsSync(fileURLToPath(module)))
      save(indexPath, canonicalJson({ bundler, stages: Object.fromEntries(kept) }))
      return identity(fresh)
    })
    const once = memo<Identity>()
    return CodeIdentity.of({ of: (stage) => once(stage.module, learn(stage)) })
  })

const digestMatches = (path: string, digest: string): boolean => {
  try {
    return digestOf(readFileSync(path)) === digest
  } catch {
    return false
  }
}

export const layer = (root: string): Layer.Layer<CodeIdentity> => Layer.effect(CodeIdentity, make(root))

/**
 * A stage's own tree-shaken bundle: what decides its identity, and what a worker runs. A helper three imports away is
 * in it; comments, types, formatting and exports that nobody uses are not; packages stay outside and are identified by
 * the lock file.
 */
import { builtinModules } from "node:module"
import { relative, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { digestOf } from "../store/digest.ts"
import { CodeError } from "./errors.ts"
import { packageName } from "./packages.ts"
import type { AnyStage } from "./stage.ts"

export const Bundle = Schema.Struct({
  /** The module's text: an ES module that exports `stage`. */
  code: Schema.String,
  digest: Schema.String,
  /** Where its lines stand in the files: a source map. Not a part of what the stage is. */
  map: Schema.String,
  /** Files that contributed, relative to the project. */
  files: Schema.Array(Schema.String),
  /** All files that were read to make it: a change of any of them calls for a new look. */
  read: Schema.Array(Schema.String),
  /** Packages imported directly. */
  packages: Schema.Array(Schema.String)
})
export type Bundle = typeof Bundle.Type

/** fine-tune → fineTune */
export const exportName = (stage: string): string =>
  stage.replace(/-(.)/gu, (_, letter: string) => letter.toUpperCase())

const builtin = new Set(builtinModules)
const isBuiltin = (specifier: string): boolean => specifier.startsWith("node:") || builtin.has(specifier)

/** What stages import of this project under its own name is bundled like any file of theirs: it is no package. */
const ownEntries = {
  "dermograph/stage": fileURLToPath(new URL("../framework/stage.ts", import.meta.url)),
  "dermograph/pipeline": fileURLToPath(new URL("../framework/pipeline.ts", import.meta.url))
}

const isMap = (path: string): boolean => path.endsWith(".map")

const isFile = (path: string): boolean => path !== "<stage>"

/** Bundles the stage. `root` is the project's folder; the result does not depend on where it lies. */
export const bundleStage = (root: string, stage: Pick<AnyStage, "name" | "module">): Effect.Effect<Bundle, CodeError> =>
  Effect.tryPromise({
    try: async () => {
      const esbuild = await import("esbuild")
      const module = resolve(fileURLToPath(stage.module))
      const result = await esbuild.build({
        stdin: {
          contents: `export { ${exportName(stage.name)} as stage } from ${JSON.stringify(`./${relative(root, module)}`)}`,
          resolveDir: root,
          sourcefile: "<stage>"
        },
        absWorkingDir: root,
        bundle: true,
        packages: "external",
        alias: ownEntries,
        format: "esm",
        platform: "node",
        target: "node22",
        minify: true,
        keepNames: false,
        legalComments: "none",
        // The compiler's settings have no say in what a stage is.
        tsconfigRaw: "{}",
        metafile: true,
        sourcemap: "external",
        sourcesContent: false,
        write: false,
        logLevel: "silent",
        outfile: "stage.mjs"
      })
      const [, output] = Object.entries(result.metafile.outputs).find(([path]) => !isMap(path)) ?? []
      const externals = (output?.imports ?? []).filter((item) => item.external === true && !isBuiltin(item.path))
      // Files that were read but of which nothing was kept (types, unused exports) do not belong to the stage.
      const contributing = Object.entries(output?.inputs ?? {}).filter(([, input]) => input.bytesInOutput > 0)
      const textOf = (wanted: (path: string) => boolean) => result.outputFiles.find(({ path }) => wanted(path))!.text
      const code = textOf((path) => !isMap(path))
      return {
        code,
        digest: digestOf(code),
        map: textOf(isMap),
        files: contributing
          .map(([path]) => path)
          .filter(isFile)
          .sort(),
        read: Object.keys(result.metafile.inputs).filter(isFile).sort(),
        packages: [...new Set(externals.map((item) => packageName(item.path)))].sort()
      }
    },
    catch: (cause) =>
      new CodeError({
        stage: stage.name,
        module: relative(root, fileURLToPath(stage.module)),
        reason: cause instanceof Error ? cause.message : String(cause)
      })
  })

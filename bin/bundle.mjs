/** Bundles a project's `pipeline.config.ts` with the command line into a program that plain Node starts quickly. */
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import { createRequire } from "node:module"
import { basename, join, relative } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import * as esbuild from "esbuild"
import { digestOf, isSettled, save, statOf } from "./program.mjs"

/** Small packages that every command needs; the others stay outside and are loaded when they are used. */
const inlined = /^(dermograph|effect|@effect\/platform-node(-shared)?|canonicalize)(\/|$)/u

const moduleName = "__dermographModule"

/**
 * Reads the project's own files, and keeps the digests of what was read. A module's own URL keeps naming its source:
 * stages are identified, and workers found, by it.
 */
const ownFiles = (digests) => ({
  name: "own-files",
  setup: (build) =>
    build.onLoad({ filter: /\.(ts|json)$/ }, ({ path }) => {
      const bytes = readFileSync(path)
      digests.set(path, digestOf(bytes))
      const source = bytes.toString("utf8")
      if (path.endsWith(".json")) return { contents: source, loader: "json" }
      const url = `const ${moduleName} = ${JSON.stringify(pathToFileURL(path).href)};`
      return { contents: source.includes("import.meta.url") ? url + source : source, loader: "ts" }
    })
})

/** What a package exports: its names, and whether it is a function itself. Undefined where it cannot be loaded now. */
const exportsOf = (require, name) => {
  try {
    const all = require(name)
    const names = Object.keys(all).filter((key) => key !== "default" && key !== "__esModule")
    return { names, callable: typeof all === "function" }
  } catch {
    return undefined
  }
}

/** The same, learned once for the packages that are installed: some take a second to load. */
const keptExports = (root, folder, installed) => {
  const require = createRequire(join(root, "package.json"))
  const path = join(folder, "exports.json")
  let known = {}
  try {
    const kept = JSON.parse(readFileSync(path, "utf8"))
    if (kept.installed === installed) known = kept.packages
  } catch {
    // Nothing is kept yet.
  }
  const of = (name) => {
    known[name] ??= exportsOf(require, name)
    return known[name]
  }
  return { of, save: () => save(path, JSON.stringify({ installed, packages: known })) }
}

/**
 * Packages imported statically by the project's own files are loaded at their first use, not at start: a program that
 * only looks at the graph of stages never needs what the stages compute with. A getter per export keeps the meaning of
 * every use.
 */
const lazyPackages = (exports) => ({
  name: "lazy-packages",
  setup: (build) => {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind, namespace }) => {
      if (path.startsWith("node:")) return { path, external: true }
      if (namespace === "lazy" || inlined.test(path)) return undefined
      if (kind !== "import-statement" || exports.of(path) === undefined) return { path, external: true }
      return { path, namespace: "lazy" }
    })
    build.onLoad({ filter: /./, namespace: "lazy" }, ({ path }) => {
      const { names, callable } = exports.of(path) ?? { names: [], callable: false }
      const getters = names.map((name) => `  get ${JSON.stringify(name)}() { return load()[${JSON.stringify(name)}] }`)
      const whole = `  get default() { const all = load(); return all.default ?? all }`
      return {
        contents: [
          `let loaded`,
          `const load = () => (loaded ??= __dermographRequire(${JSON.stringify(path)}))`,
          // `import sharp from "sharp"` is the module itself: called, it is loaded.
          `const target = ${callable ? "(...given) => load()(...given)" : "{}"}`,
          `module.exports = Object.defineProperties(target, Object.getOwnPropertyDescriptors({`,
          [`  __esModule: true`, whole, ...getters].join(",\n"),
          `}))`
        ].join("\n"),
        loader: "js"
      }
    })
  }
})

const isFile = (path) => {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** What npm writes when packages change stands for all files of packages. */
const locks = ["package-lock.json", "node_modules/.package-lock.json", "package.json"]

/** Another program may be starting from a bundle that is a little older; nobody is after this time (milliseconds). */
const kept = 3_600_000

const removeOld = (folder) => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const madeAt = Number(entry.name.split("-")[0])
    if (entry.isDirectory() && madeAt > 0 && Date.now() - madeAt > kept) {
      rmSync(join(folder, entry.name), { recursive: true, force: true })
    }
  }
}

/** What makes the bundle is part of it. */
const makers = ["bundle.mjs", "program.mjs"].map((name) => fileURLToPath(new URL(name, import.meta.url)))

/** Makes the bundle; returns its index: the entry, and the files that it was made of. Throws esbuild's `BuildFailure`. */
export const bundle = async (root, configuration, folder) => {
  const madeAt = Date.now()
  const outdir = join(folder, `${madeAt}-${process.pid}`)
  // Before the build: what changes meanwhile is then seen at the next start.
  const beside = [...makers, ...locks.map((file) => join(root, file)).filter(isFile)]
  const digests = new Map(beside.map((path) => [path, digestOf(readFileSync(path))]))
  const installed = digestOf([...beside.map((path) => digests.get(path)), process.version].join())
  const exports = keptExports(root, folder, installed)
  const { metafile, outputFiles } = await esbuild.build({
    entryPoints: [join(root, configuration)],
    absWorkingDir: root,
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22",
    keepNames: true,
    sourcemap: "linked",
    sourcesContent: false,
    metafile: true,
    tsconfigRaw: "{}",
    define: { "import.meta.url": moduleName, __dermographBundle: "true" },
    banner: {
      js: `import { createRequire as __dermographCreate } from "node:module"; const __dermographRequire = __dermographCreate(${JSON.stringify(pathToFileURL(join(root, "package.json")).href)}); const require = __dermographRequire;`
    },
    plugins: [ownFiles(digests), lazyPackages(exports)],
    write: false,
    logLevel: "silent"
  })
  // Written here, so that a disk's fault is told from one of the sources.
  for (const { path, contents } of outputFiles) save(path, contents)
  exports.save()
  const own = Object.keys(metafile.inputs)
    .filter((file) => !file.includes("node_modules/"))
    .map((file) => join(root, file))
    .filter(isFile)
  const entryOf = (path) => {
    const { stat, changed } = statOf(path)
    // What was not read here may have changed since esbuild read it: without a digest it is the same by its times only.
    const digest = digests.get(path) ?? (isSettled(changed, madeAt) ? digestOf(readFileSync(path)) : "")
    return [relative(root, path), { digest, stat }]
  }
  removeOld(folder)
  return {
    node: process.version,
    lookedAt: madeAt,
    entry: join(outdir, `${basename(configuration, ".ts")}.mjs`),
    files: Object.fromEntries([...own, ...beside].map(entryOf))
  }
}

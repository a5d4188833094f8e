/** Bundles a project's `pipeline.config.ts` with the command line into a program that plain Node starts quickly. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join, relative } from "node:path"
import { pathToFileURL } from "node:url"
import * as esbuild from "esbuild"

/** Small packages that every command needs; the others stay outside and are loaded when they are used. */
const inlined = /^(dermograph|effect|@effect\/platform-node(-shared)?|canonicalize)(\/|$)/u

const moduleName = "__dermographModule"

/** A module's own URL keeps naming its source: stages are identified, and workers found, by it. */
const ownUrl = {
  name: "own-url",
  setup: (build) =>
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8")
      const url = `const ${moduleName} = ${JSON.stringify(pathToFileURL(path).href)};`
      return { contents: source.includes("import.meta.url") ? url + source : source, loader: "ts" }
    })
}

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

/**
 * Packages imported statically by the project's own files are loaded at their first use, not at start: a program that
 * only looks at the graph of stages never needs what the stages compute with. A getter per export keeps the meaning of
 * every use.
 */
const lazyPackages = (root) => {
  const require = createRequire(join(root, "package.json"))
  return {
    name: "lazy-packages",
    setup: (build) => {
      build.onResolve({ filter: /^[^./]/ }, ({ path, kind, namespace }) => {
        if (path.startsWith("node:")) return { path, external: true }
        if (namespace === "lazy" || inlined.test(path)) return undefined
        if (kind !== "import-statement" || exportsOf(require, path) === undefined) return { path, external: true }
        return { path, namespace: "lazy" }
      })
      build.onLoad({ filter: /./, namespace: "lazy" }, ({ path }) => {
        const { names, callable } = exportsOf(require, path) ?? { names: [], callable: false }
        const getters = names.map(
          (name) => `  get ${JSON.stringify(name)}() { return load()[${JSON.stringify(name)}] }`
        )
        const whole = `  get default() { const all = load(); return all.default ?? all }`
        return {
          contents: [
            `let loaded`,
            `const load = () => (loaded ??= __dermographRequire(${JSON.stringify(path)}))`,
            // \`import sharp from "sharp"\` is the module itself: called, it is loaded.
            `const target = ${callable ? "(...given) => load()(...given)" : "{}"}`,
            `module.exports = Object.defineProperties(target, Object.getOwnPropertyDescriptors({`,
            [`  __esModule: true`, whole, ...getters].join(",\n"),
            `}))`
          ].join("\n"),
          loader: "js"
        }
      })
    }
  }
}

const statOf = (path) => {
  const stat = statSync(path, { bigint: true })
  return [stat.size, stat.mtimeNs, stat.ctimeNs, stat.ino].map(String)
}

const isFile = (path) => {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** What npm writes when packages change stands for all files of packages. */
const locks = ["package-lock.json", "node_modules/.package-lock.json", "package.json"]

const save = (path, text) => {
  const draft = `${path}.${process.pid}.tmp`
  writeFileSync(draft, text)
  renameSync(draft, path)
}

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

/** Makes the bundle; returns its index: the entry and the files that it was made of. Throws esbuild's `BuildFailure`. */
export const bundle = async (root, configuration, folder) => {
  const madeAt = Date.now()
  const name = `${madeAt}-${process.pid}`
  const outdir = join(folder, name)
  const { metafile } = await esbuild.build({
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
    define: { "import.meta.url": moduleName },
    banner: {
      js: `import { createRequire as __dermographCreate } from "node:module"; const __dermographRequire = __dermographCreate(${JSON.stringify(pathToFileURL(join(root, "package.json")).href)}); const require = __dermographRequire;`
    },
    plugins: [ownUrl, lazyPackages(root)],
    logLevel: "silent"
  })
  const own = Object.keys(metafile.inputs).filter((file) => !file.includes("node_modules/") && isFile(join(root, file)))
  const files = [...own, ...locks.filter((file) => isFile(join(root, file)))]
  const index = {
    node: process.version,
    bundledAt: String(BigInt(madeAt) * 1_000_000n),
    entry: join(outdir, `${configuration.replace(/\.ts$/u, "")}.mjs`),
    files: Object.fromEntries(files.map((file) => [relative(root, join(root, file)), statOf(join(root, file))]))
  }
  mkdirSync(folder, { recursive: true })
  save(join(folder, "index.json"), JSON.stringify(index))
  removeOld(folder)
  return index
}

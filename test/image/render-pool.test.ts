import { execFile } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { promisify } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { build } from "esbuild"
import { augmentationPlan } from "../../src/image/plan.ts"
import { type PoolOptions, renderPool } from "../../src/image/render-pool.ts"
import { jpegOf, packOf, picture, pngOf } from "./images.ts"

const files = Effect.promise(async () => {
  const made = new Map<string, Uint8Array>()
  for (let i = 0; i < 12; i++) made.set(`image-${i}`, await jpegOf(picture(70 + 10 * i, 90, `${i}`)))
  return made
})

const pack = Effect.fn(function* (workers: number, options: PoolOptions = {}) {
  const made = yield* files
  const plan = augmentationPlan(
    "siim-winner",
    1,
    2,
    Array.from(made.keys(), (digest) => ({ digest, width: 80, height: 90 }))
  )
  const renderer = yield* renderPool(workers, options)
  return yield* packOf(plan, (digest) => Effect.succeed(made.get(digest)!), { side: 32, concurrency: 6, renderer })
})

describe("a pool of worker threads", () => {
  it.effect("gives the same bytes whatever the number of workers", () =>
    Effect.gen(function* () {
      const one = yield* pack(1)
      const lost: Array<unknown> = []
      for (const workers of [2, 3]) {
        assert.deepStrictEqual(yield* pack(workers, { onLost: (cause) => lost.push(cause) }), one)
      }
      assert.deepStrictEqual(lost, [])
    })
  )

  it.effect("passes on which image could not be read", () =>
    Effect.gen(function* () {
      const renderer = yield* renderPool(2)
      const error = yield* Effect.flip(renderer(new TextEncoder().encode("text"), [[]], 32, "data/lesion.jpg"))
      assert.strictEqual(error._tag, "UnreadableImage")
      assert.match(error.message, /data\/lesion\.jpg/)
    })
  )

  it.effect("does the work itself where threads cannot start", () =>
    Effect.gen(function* () {
      let lost = 0
      const module = new URL("file:///nowhere/worker.mjs")
      assert.deepStrictEqual(yield* pack(2, { module, onLost: () => lost++ }), yield* pack(1))
      assert.strictEqual(lost, 2)
    })
  )

  it("keeps the process alive until its work is done, and not after", async () => {
    const root = join(import.meta.dirname, "../../src/image")
    const program = `
      import * as Effect from "effect/Effect"
      import * as Scope from "effect/Scope"
      import { renderPool } from ${JSON.stringify(pathToFileURL(join(root, "render-pool.ts")).href)}
      const pixel = Buffer.from(${JSON.stringify(Buffer.from(await pngOf(picture(8, 8))).toString("base64"))}, "base64")
      const pool = await Effect.runPromise(Effect.provideService(renderPool(2), Scope.Scope, Scope.makeUnsafe()))
      const made = await Effect.runPromise(pool(new Uint8Array(pixel), [[]], 8, "a"))
      console.log(made.length)`
    const run = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
      cwd: join(root, "../.."),
      timeout: 60_000
    })
    assert.strictEqual(run.stdout.trim(), "192")
  })

  it("works out of a bundle, as stages are run", async () => {
    const root = join(import.meta.dirname, "../..")
    const folder = await mkdtemp(join(root, "node_modules", ".cache-render-pool-"))
    const bundle = join(folder, "stage.mjs")
    await build({
      stdin: {
        contents: `export { renderPool } from "./src/image/render-pool.ts"`,
        resolveDir: root
      },
      bundle: true,
      packages: "external",
      format: "esm",
      platform: "node",
      minify: true,
      outfile: bundle
    })
    try {
      const bundled = (await import(pathToFileURL(bundle).href)) as { renderPool: typeof renderPool }
      const [made] = (await Effect.runPromise(files)).values()
      const lost: Array<unknown> = []
      const rendered = await Effect.runPromise(
        Effect.scoped(
          Effect.flatMap(bundled.renderPool(2, { onLost: (cause) => lost.push(cause) }), (renderer) =>
            renderer(made!, [[]], 16, "a")
          )
        )
      )
      assert.strictEqual(rendered.length, 16 * 16 * 3)
      assert.deepStrictEqual(lost, [])
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

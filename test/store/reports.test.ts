/** Where reports are kept: a folder a run, `latest` beside them, none half-written, none written twice. */
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs"
import * as fs from "node:fs/promises"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { afterEach, vi } from "vitest"
import { countReports, keepReport } from "../../src/store/reports.ts"
import { temporaryFolder } from "../dag/harness.ts"

vi.mock("node:fs/promises", async (original) => ({ ...(await original<typeof fs>()) }))
afterEach(() => vi.restoreAllMocks())

const reportOf = (text: string) => [
  { name: "report.html", content: `<p>${text}` },
  { name: "charts/roc.svg", content: "<svg/>" },
  { name: "rows.arrow", content: Uint8Array.of(1, 2, 255) }
]

const test = (name: string, body: (root: string) => Effect.Effect<void, unknown>) =>
  it.live(name, () => {
    const folder = temporaryFolder()
    return body(folder.path).pipe(Effect.ensuring(Effect.sync(folder.remove)))
  })

const demo = (root: string, ...path: ReadonlyArray<string>) => join(root, "reports", "demo", ...path)
const page = (root: string, run: string) => readFileSync(demo(root, run, "report.html"), "utf8")
const runs = (root: string) => readdirSync(demo(root)).sort()

test("each run has its own, and latest is the newest", (root) =>
  Effect.gen(function* () {
    const first = yield* keepReport(root, "demo", "r1", reportOf("one"))
    const second = yield* keepReport(root, "demo", "r2", reportOf("two"))
    assert.deepStrictEqual([first, second], [demo(root, "r1"), demo(root, "r2")])
    assert.deepStrictEqual(
      ["r1", "r2", "latest"].map((run) => page(root, run)),
      ["<p>one", "<p>two", "<p>two"]
    )
    assert.deepStrictEqual([...readFileSync(demo(root, "latest", "rows.arrow"))], [1, 2, 255])
    assert.isTrue(existsSync(demo(root, "r1", "charts", "roc.svg")))
    // Relative, so that a store can be moved.
    assert.strictEqual(readlinkSync(demo(root, "latest")), "r2")
    assert.deepStrictEqual(readdirSync(join(root, "tmp")), [])
  }))

test("the sums are those of the files", (root) =>
  Effect.gen(function* () {
    yield* keepReport(root, "demo", "r1", [{ name: "a.txt", content: "hello" }])
    assert.strictEqual(
      readFileSync(demo(root, "r1", "SHA256SUMS"), "utf8"),
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824  a.txt\n"
    )
  }))

test("a run with the report of an earlier one points to that, and writes none", (root) =>
  Effect.gen(function* () {
    yield* keepReport(root, "demo", "r1", reportOf("one"))
    yield* keepReport(root, "demo", "r2", reportOf("two"))
    assert.strictEqual(yield* keepReport(root, "demo", "r3", reportOf("one")), demo(root, "r1"))
    assert.deepStrictEqual([runs(root), readlinkSync(demo(root, "latest"))], [["latest", "r1", "r2"], "r1"])
  }))

test("a report that somebody edited or thinned out is theirs: the next run writes its own", (root) =>
  Effect.gen(function* () {
    yield* keepReport(root, "demo", "r1", reportOf("one"))
    writeFileSync(demo(root, "r1", "report.html"), "<p>my notes")
    assert.strictEqual(yield* keepReport(root, "demo", "r2", reportOf("one")), demo(root, "r2"))
    assert.deepStrictEqual([page(root, "r1"), page(root, "latest")], ["<p>my notes", "<p>one"])
    yield* Effect.promise(() => fs.rm(demo(root, "r2", "charts"), { recursive: true }))
    assert.strictEqual(yield* keepReport(root, "demo", "r3", reportOf("one")), demo(root, "r3"))
  }))

test("a write that is cut off leaves no folder, and latest as it was", (root) =>
  Effect.gen(function* () {
    yield* keepReport(root, "demo", "r1", reportOf("one"))
    // A name below a file: the second cannot be written.
    const broken = [
      { name: "report.html", content: "two" },
      { name: "report.html/more.html", content: "three" }
    ]
    const error = yield* Effect.flip(keepReport(root, "demo", "r2", broken))
    assert.strictEqual(error._tag, "StoreError")
    assert.deepStrictEqual([runs(root), page(root, "latest")], [["latest", "r1"], "<p>one"])
    assert.deepStrictEqual(readdirSync(join(root, "tmp")), [])
  }))

describe("where the system makes no links", () => {
  const withoutLinks = () =>
    vi.spyOn(fs, "symlink").mockRejectedValue(Object.assign(new Error("not permitted"), { code: "EPERM" }))

  test("latest is a copy, replaced whole by a copy or a link", (root) =>
    Effect.gen(function* () {
      withoutLinks()
      yield* keepReport(root, "demo", "r1", reportOf("one"))
      assert.isFalse(lstatSync(demo(root, "latest")).isSymbolicLink())
      yield* keepReport(root, "demo", "r2", reportOf("two"))
      assert.strictEqual(page(root, "latest"), "<p>two")
      // The copy is no run's: it is not pointed to.
      assert.strictEqual(yield* keepReport(root, "demo", "r3", reportOf("two")), demo(root, "r2"))
      vi.restoreAllMocks()
      yield* keepReport(root, "demo", "r4", reportOf("four"))
      assert.strictEqual(readlinkSync(demo(root, "latest")), "r4")
      withoutLinks()
      yield* keepReport(root, "demo", "r5", reportOf("five"))
      assert.strictEqual(page(root, "latest"), "<p>five")
      assert.deepStrictEqual(readdirSync(join(root, "tmp")), [])
    }))
})

it("counts reports once, and the bytes of all", () => {
  const at = (path: string) => ({ path: join("/s/reports/demo", path), size: 2 })
  const files = [at("r1/SHA256SUMS"), at("r1/a.html"), at("r2/SHA256SUMS"), at("latest/SHA256SUMS"), at("data/x.png")]
  assert.deepStrictEqual(countReports(files), { count: 2, bytes: 10 })
})

import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { imageFinder, insidePath, stemOf } from "../../src/dataset/paths.ts"

const entries = (...paths: ReadonlyArray<string>) => paths.map((path) => ({ path, digest: `of ${path}`, size: 1 }))
const find = (paths: ReadonlyArray<string>, cell: string, folder = "") => {
  const found = imageFinder(entries(...paths))(cell, folder)
  return found._tag === "Found" ? found.entry.path : found._tag
}

describe("a path inside the folder", () => {
  const cases: ReadonlyArray<readonly [string, string, string | undefined]> = [
    ["a/b.png", "", "a/b.png"],
    ["./a//b.png", "", "a/b.png"],
    ["a\\b.png", "", "a/b.png"],
    ["../b.png", "csv", "b.png"],
    ["../../b.png", "csv", undefined],
    ["../b.png", "", undefined],
    ["/etc/passwd", "", undefined],
    ["C:\\a.png", "", undefined],
    ["file:a.png", "", undefined],
    ["~/a.png", "", undefined],
    ["a\0.png", "", undefined]
  ]
  for (const [cell, base, path] of cases) {
    it(JSON.stringify(`${base}: ${cell}`), () => assert.strictEqual(insidePath(cell, base), path))
  }
  it.prop("never climbs out", [Schema.Array(Schema.Literals(["..", ".", "", "a", "b"]))], ([segments]) => {
    const path = insidePath(segments.join("/"), "x/y")
    assert.isTrue(path === undefined || !path.split("/").includes(".."))
  })
})

describe("an image", () => {
  it("is found by path, from the table's folder, by the end of its path, by name alone", () => {
    assert.strictEqual(find(["x/a.png", "a.png"], "a.png"), "a.png")
    assert.strictEqual(find(["t/a.png", "u/a.png"], "a.png", "u"), "u/a.png")
    assert.strictEqual(find(["t/NEL/a.png", "t/FCL/a.png"], "FCL/a.png"), "t/FCL/a.png")
    assert.strictEqual(find(["t/ISIC_1.JPG"], "isic_1"), "t/ISIC_1.JPG")
    assert.strictEqual(find(["t/a.b.png"], "a.b"), "t/a.b.png")
  })
  it("is taken as .jpeg before .png where both are there", () => {
    assert.strictEqual(find(["a.png", "a.jpeg"], "a"), "a.jpeg")
  })
  it("is not guessed among several that differ, nor from half a name", () => {
    assert.strictEqual(find(["x/a.png", "y/a.png"], "a"), "Ambiguous")
    assert.strictEqual(find(["xa.png"], "a"), "Missing")
    assert.strictEqual(find(["a.png"], "b.png"), "Missing")
    assert.strictEqual(find(["a.png"], "../a.png"), "Outside")
  })
  it("has a stem without folders and the extension of an image", () => {
    assert.deepStrictEqual(["a/b.JPG", "b.c", "b.tar.png"].map(stemOf), ["b", "b.c", "b.tar"])
  })
})

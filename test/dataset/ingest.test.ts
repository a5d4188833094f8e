import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { Dataset } from "../../src/dataset/dataset.ts"
import { ingest } from "../../src/dataset/ingest.ts"
import { IngestOptions } from "../../src/dataset/options.ts"
import { digestOf, groups, image, images, labels, read, source } from "./folder.ts"

const table = (...lines: ReadonlyArray<string>) => `${lines.join("\n")}\n`

describe("a folder with a table", () => {
  const files = {
    "labels.csv": table(
      "image,lesion_id,age,melanoma,split",
      "images/a.jpg,L1,45.0,0,train",
      "images/b.jpg,L1,50,1,train",
      "images/c.jpg,L2,,0,test"
    ),
    ...images("images/a.jpg", "images/b.jpg", "images/c.jpg")
  }

  it.effect("is read with labels, groups, sizes, splits and metadata", () =>
    Effect.gen(function* () {
      const dataset = yield* read(files)
      assert.deepStrictEqual(dataset.rows[0], {
        id: "images/a.jpg",
        path: "images/a.jpg",
        digest: digestOf(image("images/a.jpg")),
        label: 0,
        group: "lesion:L1",
        origin: "real",
        width: 40,
        height: 30,
        split: "train",
        metadata: { lesion_id: "L1", age: 45, melanoma: 0 }
      })
      assert.strictEqual(dataset.rows[2]!.metadata.age, null)
      assert.strictEqual(dataset.layout, "table")
      assert.deepStrictEqual(dataset.melanomaRule, [
        { value: "0", label: 0, images: 2 },
        { value: "1", label: 1, images: 1 }
      ])
    })
  )

  it.effect("encodes to JSON and back", () =>
    Effect.gen(function* () {
      const dataset = yield* read(files)
      const encoded = yield* Schema.encodeEffect(Schema.toCodecJson(Dataset))(dataset)
      const text = JSON.stringify(encoded)
      assert.deepStrictEqual(Schema.decodeUnknownSync(Schema.toCodecJson(Dataset))(JSON.parse(text)), dataset)
    })
  )

  it.effect("does not depend on the order of the listing or of the table", () =>
    Effect.gen(function* () {
      const turned = Object.fromEntries(Object.entries(files).reverse())
      const lines = files["labels.csv"].trim().split("\n")
      turned["labels.csv"] = table(lines[0]!, ...lines.slice(1).reverse())
      assert.deepStrictEqual((yield* read(turned)).rows, (yield* read(files)).rows)
    })
  )

  it.effect("tells which images stand in no row", () =>
    Effect.gen(function* () {
      const dataset = yield* read({ ...files, "images/extra.jpg": image("extra") })
      assert.strictEqual(dataset.rows.length, 3)
      assert.match(dataset.warnings.join(), /1 images of the folder stand in no row/u)
    })
  )

  it.effect("uses configured columns and positive values", () =>
    Effect.gen(function* () {
      const own = {
        "t.csv": table("Bild;Befund;Patient", "a.png;MM;7", "b.png;Naevus;7", "c.png;Basaliom;8"),
        ...images("a.png", "b.png", "c.png")
      }
      const columns = { image: "bild", label: "befund", group: "patient" }
      const dataset = yield* read(own, { columns, positive: ["mm"] })
      assert.deepStrictEqual(labels(dataset), { "a.png": 1, "b.png": 0, "c.png": 0 })
      assert.deepStrictEqual(groups(dataset), { "a.png": "patient:7", "b.png": "patient:7", "c.png": "patient:8" })
    })
  )
})

describe("a table beside others", () => {
  const files = { ...images("a.png", "b.png"), "t.csv": table("image,target", "a.png,0", "b.png,1") }

  it.effect("is chosen by name, whatever the state of the others", () =>
    Effect.gen(function* () {
      const messy = { ...files, "u.csv": "", "v.csv": 'image,target\n"a.png' }
      const error = yield* Effect.flip(read(messy))
      assert.strictEqual(error.reason, "empty-table")
      assert.match(error.message, /u\.csv: .*\n.*Or set data\.table to the table of the labels/u)
      assert.strictEqual((yield* read(messy, { table: "t.csv" })).rows.length, 2)
      assert.strictEqual((yield* Effect.flip(read(messy, { table: "v.csv" }))).reason, "malformed-table")
    })
  )
  it.effect("is chosen by the configured columns", () =>
    Effect.gen(function* () {
      const own = { ...files, "u.csv": table("image,excised", "a.png,1", "b.png,1") }
      assert.deepStrictEqual(labels(yield* read(own, { columns: { label: "excised" } })), { "a.png": 1, "b.png": 1 })
    })
  )
  it.effect("may have any extension when it is named", () =>
    Effect.gen(function* () {
      const named = { ...images("a.png", "b.png"), "labels.txt": files["t.csv"] }
      assert.strictEqual((yield* read(named, { table: "labels.txt" })).rows.length, 2)
    })
  )
})

describe("images of nobody known", () => {
  it.effect("are a group each", () =>
    Effect.gen(function* () {
      const lines = ["a.png,unknown,L1,0", "b.png,NA,L1,0", "c.png,-,,1", "d.png,?,unknown,0"]
      const files = images("a.png", "b.png", "c.png", "d.png")
      const dataset = yield* read({ ...files, "t.csv": table("image,patient_id,lesion_id,target", ...lines) })
      assert.deepStrictEqual(Object.values(groups(dataset)), ["lesion:L1", "lesion:L1", "image:c.png", "image:d.png"])
    })
  )
})

describe("images that equal another", () => {
  it.effect("share a group, across patients too, and a conflict of labels is told", () =>
    Effect.gen(function* () {
      const dataset = yield* read({
        "t.csv": table("image,patient_id,target", "a.png,P1,0", "b.png,P1,0", "c.png,P2,1", "d.png,P3,0"),
        ...images("a.png", "b.png", "d.png"),
        "c.png": image("b.png")
      })
      const group = groups(dataset)
      assert.strictEqual(group["a.png"], group["c.png"])
      assert.notStrictEqual(group["a.png"], group["d.png"])
      assert.match(dataset.warnings.join("\n"), /different labels: b\.png = c\.png/u)
    })
  )
})

describe("a finder of near duplicates", () => {
  it.effect("sees what the probe told of each image, and its pairs are grouped", () =>
    Effect.gen(function* () {
      const folder = source({
        ...images("b.png", "a.png"),
        "c.png": image("a.png"),
        "t.csv": table("image,patient_id,target", "b.png,P2,0", "a.png,P1,0", "c.png,P3,1")
      })
      const seen: Array<string> = []
      const dataset = yield* ingest(
        {
          ...folder,
          probe: (entry, bytes) =>
            Effect.map(folder.probe(entry, bytes), (probed) => ({ ...probed, hash: `hash of ${entry.path}` })),
          nearDuplicates: (all) => {
            seen.push(...all.map(({ probed }) => probed.hash))
            return Effect.succeed([
              ["a.png", "b.png"],
              ["a.png", "c.png"]
            ] as const)
          }
        },
        Schema.decodeUnknownSync(IngestOptions)({})
      )
      assert.deepStrictEqual(seen, ["hash of a.png", "hash of b.png", "hash of c.png"])
      assert.deepStrictEqual(dataset.nearDuplicates, [["a.png", "b.png"]])
      assert.strictEqual(new Set(dataset.rows.map(({ group }) => group)).size, 1)
    })
  )
})

describe("unreadable images", () => {
  const files = { "nevus/a.png": image("a"), "melanoma/b.png": image("b"), "melanoma/c.png": "text" }

  it.effect("are an error past the limit, with the reason", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(read(files))
      assert.strictEqual(error.reason, "unreadable-images")
      assert.match(error.message, /melanoma\/c\.png: not an image/u)
      assert.match(error.message, /data\.unreadableLimit to 1/u)
    })
  )
  it.effect("are listed within it", () =>
    Effect.gen(function* () {
      const dataset = yield* read(files, { unreadableLimit: 1 })
      assert.deepStrictEqual(labels(dataset), { "nevus/a.png": 0, "melanoma/b.png": 1 })
      assert.deepStrictEqual(dataset.unreadable, [{ path: "melanoma/c.png", reason: "not an image" }])
    })
  )
})

describe("what is wrong is named by file, line and column, with a mend", () => {
  const two = images("a.png", "b.png")
  const cases: ReadonlyArray<readonly [string, Record<string, string | Uint8Array>, string, RegExp, object?]> = [
    ["an empty folder", {}, "no-images", /it is empty/u],
    ["no image", { "notes.txt": "x" }, "no-images", /none of its 1 files/u],
    ["an empty table", { ...two, "t.csv": "" }, "empty-table", /t\.csv: the file is empty/u],
    ["a header alone", { ...two, "t.csv": "image,label\n" }, "empty-table", /a header and no row/u],
    [
      "UTF-16",
      { ...two, "t.csv": Uint8Array.from([0xff, 0xfe, 0x69, 0]) },
      "encoding",
      /t\.csv: the file is UTF-16\n.*UTF-8/u
    ],
    [
      "a table that is no text",
      { ...two, "t.csv": Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 1]) },
      "encoding",
      /t\.csv: the file is UTF-16 or not text at all/u
    ],
    ["a ragged row", { ...two, "t.csv": "image,label\na.png,0\nb.png\n" }, "malformed-table", /t\.csv, line 3/u],
    ["an open quote", { ...two, "t.csv": 'image,label\n"a.png,0\nb.png,1\n' }, "malformed-table", /not closed/u],
    ["a column twice", { ...two, "t.csv": "image,label,Label\na.png,0,0\n" }, "malformed-table", /“Label” twice/u],
    [
      "an unknown configured column",
      { ...two, "t.csv": "image,label\na.png,0\n" },
      "missing-column",
      /no column “melanom” for the label; the columns are image, label/u,
      { columns: { label: "melanom" } }
    ],
    [
      "an unknown label",
      { ...two, "t.csv": "image,label\na.png,0\nb.png,perhaps\n" },
      "unknown-label",
      /t\.csv, line 3, column “label”: “perhaps”/u
    ],
    ["no label", { ...two, "t.csv": "image,label\na.png,\n" }, "missing-label", /line 2, column “label”/u],
    ["an image twice", { ...two, "t.csv": "image,label\na.png,0\na.png,1\n" }, "duplicate-image", /line 3.*line 2/u],
    ["an absent image", { ...two, "t.csv": "image,label\na.png,0\nz.png,1\n" }, "missing-image", /z\.png \(line 3\)/u],
    ["a path out", { ...two, "t.csv": "image,label\n../../a.png,0\n" }, "path-outside", /line 2, column “image”/u],
    ["an absolute path", { ...two, "t.csv": "image,label\n/etc/passwd,0\n" }, "path-outside", /points out/u],
    ["a drive", { ...two, "t.csv": "image,label\nC:\\a.png,0\n" }, "path-outside", /points out/u],
    ["an unknown split", { ...two, "t.csv": "image,label,split\na.png,0,blue\n" }, "unknown-split", /“blue”/u],
    [
      "a wrong digest",
      { ...two, "t.csv": `image,label,sha256\na.png,0,${"0".repeat(64)}\n` },
      "digest-mismatch",
      /a\.png has another SHA-256/u
    ],
    [
      "two tables",
      { ...two, "t.csv": "image,label\na.png,0\n", "u.csv": "image,label\nb.png,0\n" },
      "ambiguous-layout",
      /t\.csv, u\.csv/u
    ],
    ["nothing that labels", two, "unknown-layout", /2 images, and nothing that labels them: there is no CSV/u],
    ["an unknown layout", two, "unknown-layout", /no layout “cifar”\n.*ham10000/u, { layout: "cifar" }],
    ["a table that is not there", two, "unknown-layout", /no file t\.csv/u, { table: "t.csv" }],
    [
      "an image outside the class folders",
      { ...images("nevus/a.png", "b.png") },
      "unknown-label",
      /have no class: b\.png/u
    ]
  ]
  for (const [name, files, reason, message, options] of cases) {
    it.effect(name, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(read(files, options))
        assert.strictEqual(error.reason, reason)
        assert.match(error.message, message)
        assert.isAbove(error.mend.length, 0)
      })
    )
  }
})

describe("absent images within the limit", () => {
  it.effect("are left out and listed", () =>
    Effect.gen(function* () {
      const files = { ...images("a.png", "b.png"), "t.csv": "image,label\na.png,0\nb.png,1\nz.png,1\n" }
      const dataset = yield* read(files, { missingLimit: 1 })
      assert.deepStrictEqual(dataset.excluded, [{ path: "z.png", reason: "the file is not in the folder" }])
    })
  )
})

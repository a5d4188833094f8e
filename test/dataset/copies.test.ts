import { assert, it } from "@effect/vitest"
import { copiesAmong } from "../../src/dataset/copies.ts"
import { dataset, row } from "./random-dataset.ts"

const fake = (id: string, rest = {}) => row(id, 1, `image:${id}`, { origin: "synthetic", ...rest })
const real = dataset([
  row("train.png", 1, "a", { pixelDigest: "P" }),
  row("test.png", 1, "b", { digest: "B" }),
  row("same-name.png", 0, "c")
])
const inTrain = new Set(["train.png", "same-name.png"])
const among = (rows: Parameters<typeof copiesAmong>[1], copies: ReadonlyArray<readonly [string, string]> = []) =>
  copiesAmong({ copies }, rows, real, inTrain)

it("tells copies of the evaluation from copies of train, equal bytes and equal pixels from near ones", () => {
  const rows = [fake("bytes", { digest: "B" }), fake("pixels", { pixelDigest: "P" }), fake("near"), fake("clean")]
  assert.deepStrictEqual(among(rows, [["near", "test.png"]]), {
    ofEvaluation: ["bytes = test.png", "near ~ test.png"],
    ofTrain: ["pixels = train.png"]
  })
})

it("names an image once, by the worst of what it shows", () => {
  const pairs = [
    ["near", "train.png"],
    ["near", "test.png"],
    ["pixels", "test.png"]
  ] as const
  assert.deepStrictEqual(among([fake("near"), fake("pixels", { pixelDigest: "P" })], pairs), {
    ofEvaluation: ["near ~ test.png", "pixels ~ test.png"],
    ofTrain: []
  })
})

it("looks at the images that join only, and not at names", () => {
  assert.deepStrictEqual(among([fake("same-name.png", { digest: "X" })], [["left-out", "test.png"]]), {
    ofEvaluation: [],
    ofTrain: []
  })
})

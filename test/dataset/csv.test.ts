import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { columnIndex, parseCsv } from "../../src/dataset/csv.ts"
import { columnValues } from "../../src/dataset/values.ts"
import { bytesOf } from "./folder.ts"

const cellsOf = (text: string | Uint8Array) =>
  Effect.map(parseCsv("t.csv", bytesOf(text)), ({ records }) => records.map(({ cells }) => cells))

describe("a CSV", () => {
  const cases: ReadonlyArray<readonly [string, string, ReadonlyArray<ReadonlyArray<string>>]> = [
    ["with commas", "a,b\n1,2\n", [["1", "2"]]],
    ["with semicolons, though cells hold commas", "a;b\n1,5;2\n", [["1,5", "2"]]],
    ["with tabs", "a\tb\n1\t2", [["1", "2"]]],
    ["with CRLF", "a,b\r\n1,2\r\n", [["1", "2"]]],
    ["with a byte order mark", "\uFEFFa,b\n1,2\n", [["1", "2"]]],
    ["with quotes over lines", 'a,b\n"x, ""y""\nz",2\n', [['x, "y"\nz', "2"]]],
    ["with separators in a quoted header", '"a;b;c",d\n1,2\n', [["1", "2"]]],
    ["with blanks and empty lines", "a,b\n\n 1 , 2 \n,\n", [["1", "2"]]]
  ]
  for (const [name, text, cells] of cases) {
    it.effect(name, () => Effect.map(cellsOf(text), (found) => assert.deepStrictEqual(found, cells)))
  }

  it.effect("in Windows-1252 is read with a warning", () =>
    Effect.gen(function* () {
      const table = yield* parseCsv("t.csv", Uint8Array.from([0x61, 0x2c, 0x62, 0x0a, 0xe4, 0x2c, 0x31]))
      assert.deepStrictEqual(table.records[0]!.cells, ["ä", "1"])
      assert.match(table.warnings.join(), /t\.csv: not valid UTF-8/u)
    })
  )
  it.effect("numbers its lines and finds columns in any letter case", () =>
    Effect.gen(function* () {
      const table = yield* parseCsv("t.csv", bytesOf("Image,Label\na,0\n\nb,1\n"))
      assert.deepStrictEqual(
        table.records.map(({ line }) => line),
        [2, 4]
      )
      assert.strictEqual(columnIndex(table, "missing", "LABEL"), 1)
    })
  )
  it.effect.prop(
    "gives back the cells that were written",
    [Schema.Array(Schema.Tuple([Schema.String, Schema.String])).check(Schema.isMinLength(1))],
    ([rows]) =>
      Effect.gen(function* () {
        // NUL is refused as binary, a lone surrogate has no UTF-8, cells are trimmed and empty lines skipped.
        const clean = (cell: string) => `x${cell.replaceAll("\0", "").toWellFormed()}x`
        const cells = rows.map((row) => row.map(clean))
        const quoted = cells.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","))
        assert.deepStrictEqual(yield* cellsOf(`a,b\n${quoted.join("\n")}\n`), cells)
      })
  )
})

describe("values of a column", () => {
  const values = (text: string) => Effect.map(parseCsv("t.csv", bytesOf(text)), (table) => columnValues(table, 0))
  const cases: ReadonlyArray<readonly [string, string, ReadonlyArray<unknown>]> = [
    ["numbers", "a,b\n1,x\n-2.5e3,x\n-0,x\nNA,x\n", [1, -2500, 0, null]],
    ["decimal commas where they separate nothing", "a;b\n1,5;x\n2;x\n", [1.5, 2]],
    ["text where one cell is none", "a,b\n1,x\n2y,x\n", ["1", "2y"]],
    [
      "identifiers with leading zeros or many digits",
      "a,b\n007,x\n12345678901234567,x\n",
      ["007", "12345678901234567"]
    ],
    ["nothing", "a,b\n,x\n", [null]]
  ]
  for (const [name, text, expected] of cases) {
    it.effect(name, () => Effect.map(values(text), (found) => assert.deepStrictEqual(found, expected)))
  }
})

import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Schema } from "effect"
import { ingest } from "../../src/dataset/ingest.ts"
import { IngestError } from "../../src/dataset/ingest-error.ts"
import { IngestOptions } from "../../src/dataset/options.ts"
import { type Generator, generator } from "../../src/random/generator.ts"
import { bytesOf, type Files, images, source } from "./folder.ts"

/** Healthy folders of several layouts: each a table, its name, and the images that it names. */
const healthy: ReadonlyArray<readonly [table: string, text: string, rest: Files]> = [
  [
    "labels.csv",
    "image,patient_id,age,melanoma,split\na.jpg,P1,45,0,train\nb.jpg,P1,50,1,train\nc.jpg,P2,,0,test\n",
    images("a.jpg", "b.jpg", "c.jpg")
  ],
  [
    "HAM10000_metadata.csv",
    'lesion_id,image_id,dx,dx_type,age\r\nHAM_1,I1,bkl,histo,80.0\r\nHAM_1,I2,"mel",histo,80.0\r\n',
    images("x/I1.jpg", "x/I2.jpg")
  ],
  ["train.csv", "\uFEFFID;dcm_name;age;target\nIP_1;I1;45,5;0\nIP_2;I2;50;1\n", images("I1.jpeg", "I2.png")],
  [
    "truth.csv",
    "image,MEL,NV,BCC,AK,BKL,DF,VASC,SCC,UNK\nI1,0,1,0,0,0,0,0,0,0\nI2,1,0,0,0,0,0,0,0,0\n",
    images("I1.jpg", "I2.jpg")
  ],
  [
    "meta/meta.csv",
    "case_num,diagnosis,clinic,derm\n1,melanoma (in situ),A/1.jpg,A/2.jpg\n2,clark nevus,A/3.jpg,A/4.jpg\n",
    { ...images("images/A/2.jpg", "images/A/4.jpg"), "meta/train_indexes.csv": "indexes\n0\n1\n" }
  ]
]

const hostile = [
  "../../etc/passwd",
  "/etc/passwd",
  "..\\..\\secret.jpg",
  "C:\\x.jpg",
  "file:///x.jpg",
  "~/x.jpg",
  "a.jpg\u0000",
  "....//a.jpg",
  "\u202Egpj.a",
  "__proto__",
  "constructor",
  "=1+1",
  "NaN",
  "1e999",
  "-0",
  '"',
  '""',
  ",",
  "\r",
  "\n",
  "x".repeat(100_000)
]

const mutations: ReadonlyArray<(random: Generator, bytes: Uint8Array) => Uint8Array> = [
  (random, bytes) => bytes.slice(0, random.integer(bytes.length)),
  (random, bytes) => bytes.with(random.integer(bytes.length), random.integer(256)),
  (random, bytes) => bytes.map((byte) => (random.float() < 0.05 ? random.integer(256) : byte)),
  (random, bytes) => {
    const [from, to] = [random.integer(bytes.length), random.integer(bytes.length)].sort((a, b) => a - b)
    return Uint8Array.from([...bytes.slice(0, to), ...bytes.slice(from)])
  },
  (random, bytes) => {
    const at = random.integer(bytes.length)
    return Uint8Array.from([
      ...bytes.slice(0, at),
      ...bytesOf(hostile[random.integer(hostile.length)]!),
      ...bytes.slice(at)
    ])
  },
  (random, bytes) => {
    const cells = new TextDecoder().decode(bytes).split(/([,;\n])/u)
    cells[2 * random.integer(Math.ceil(cells.length / 2))] = hostile[random.integer(hostile.length)]!
    return bytesOf(cells.join(""))
  },
  (random, bytes) => bytesOf(random.shuffle(new TextDecoder().decode(bytes).split("\n")).join("\n")),
  (_random, bytes) => Uint8Array.from([0xff, 0xfe, ...[...bytes].flatMap((byte) => [byte, 0])])
]

describe("300 mutated tables", () => {
  for (const [at, [table, text, rest]] of healthy.entries()) {
    it.effect(`of ${table}: read, or refused by name and with a mend; nothing outside the folder is asked for`, () =>
      Effect.gen(function* () {
        let refused = 0
        for (let round = 0; round < 60; round++) {
          const random = generator("mutated table", at, round)
          const mutate = mutations[round % mutations.length]!
          const files: Files = { ...rest, [table]: mutate(random, bytesOf(text)) }
          const folder = source(files)
          const listed = new Set(folder.files.map(({ path }) => path))
          const watched = {
            ...folder,
            read: (entry: { path: string; digest: string; size: number }) => {
              assert.isTrue(listed.has(entry.path), entry.path)
              return folder.read(entry)
            }
          }
          const result = yield* Effect.result(ingest(watched, Schema.decodeUnknownSync(IngestOptions)({})))
          if (Result.isSuccess(result)) {
            for (const { path } of result.success.rows) assert.isTrue(listed.has(path))
            assert.deepStrictEqual(JSON.parse(JSON.stringify(result.success)), result.success)
          } else {
            refused++
            assert.instanceOf(result.failure, IngestError)
            assert.isTrue(result.failure.place.includes(".csv") || result.failure.place === "the data folder")
            assert.isAbove(result.failure.fault.length, 0)
            assert.isAbove(result.failure.mend.length, 0)
          }
        }
        assert.isAbove(refused, 15)
      })
    )
  }

  it.effect("and the healthy ones are read", () =>
    Effect.gen(function* () {
      for (const [table, text, rest] of healthy) {
        const dataset = yield* ingest(source({ ...rest, [table]: text }), Schema.decodeUnknownSync(IngestOptions)({}))
        assert.isAtLeast(dataset.rows.length, 2)
      }
    })
  )
})

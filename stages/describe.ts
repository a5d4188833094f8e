/**
 * Data sets → what is in them, how they would be split, what would be refused, with contact sheets: to be looked at
 * before anything is trained. A leak does not fail this stage, it is what the stage is there to tell.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { SourceFiles } from "../src/dag/services.ts"
import * as Stage from "../src/dag/stage.ts"
import { SplitChoice } from "../src/dataset/choose-split.ts"
import { describe as summarise } from "../src/dataset/describe.ts"
import { outlook, outlookText } from "../src/dataset/outlook.ts"
import { ProvenanceOverride } from "../src/dataset/provenance.ts"
import { summaryText } from "../src/dataset/summary-text.ts"
import { kindsSheet, type NamedSheet, pairsSheet } from "../src/image/data-sheets.ts"
import { DataDescription } from "./artifacts/data-description.ts"
import { Dataset } from "./artifacts/dataset.ts"
import { ImageFiles, listing } from "./artifacts/image-files.ts"
import { visibleEffect } from "./describe/visible.ts"

const asJson = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Json))

export const describe = Stage.make({
  name: "describe",
  module: import.meta.url,
  params: Schema.Struct({
    split: SplitChoice,
    allow: Schema.Array(ProvenanceOverride)
  }),
  inputs: { real: Stage.one(Dataset), synthetic: Stage.optional(Dataset), files: Stage.many(ImageFiles) },
  output: DataDescription,
  run: Effect.fnUntraced(function* ({ params, inputs: { real, synthetic, files } }) {
    const sources = yield* SourceFiles
    const embedded = new Map(
      Object.values(files).flatMap((set) => listing(set).map(({ digest }, at) => [digest, set[at]!.bytes] as const))
    )
    const read = (digest: string) =>
      embedded.has(digest) ? Effect.succeed(embedded.get(digest)!) : sources.read(digest)

    const [summary, other] = [summarise(real), synthetic === undefined ? null : summarise(synthetic)]
    const prospect = yield* outlook(real, synthetic ?? null, params)
    const visible = prospect.counts === null ? null : visibleEffect(prospect.counts.test)

    const ofClass = (label: 0 | 1) => real.rows.filter((row) => row.label === label)
    const kinds = [ofClass(0), ofClass(1), synthetic?.rows ?? []].filter((rows) => rows.length > 0)
    const realById = new Map(real.rows.map((row) => [row.id, row]))
    const syntheticById = new Map(synthetic?.rows.map((row) => [row.id, row]))
    const pairs = real.nearDuplicates.map(([a, b]) => [realById.get(a)!, realById.get(b)!] as const)
    const copies = (synthetic?.copies ?? []).map(([a, b]) => [syntheticById.get(a)!, realById.get(b)!] as const)
    const sheets: ReadonlyArray<NamedSheet> = [
      yield* kindsSheet("images.png", kinds, read),
      ...(pairs.length === 0 ? [] : [yield* pairsSheet("near-duplicates.png", pairs, read)]),
      ...(copies.length === 0 ? [] : [yield* pairsSheet("copies.png", copies, read)])
    ]
    return {
      text: [
        "real images",
        summaryText(summary),
        "",
        ...(other === null ? [] : ["synthetic images", summaryText(other), ""]),
        outlookText(prospect),
        ...(visible === null ? [] : ["", visible.text])
      ].join("\n"),
      data: asJson(JSON.stringify({ real: summary, synthetic: other, split: prospect, visible })),
      sheets: sheets.map(({ name, png }) => ({ name, png: Buffer.from(png).toString("base64") }))
    }
  })
})

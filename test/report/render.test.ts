import { describe, expect, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { ReportInput } from "../../src/report/input.ts"
import { renderReport } from "../../src/report/render.ts"
import { evaluateBinary } from "../../src/statistics/evaluate.ts"
import { fullInput, hostile, hostileInput, reportInput, threeArms } from "./fixture.ts"

const textOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, "")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")

/** The first match; a failed assertion then prints it and not the whole page. */
const found = (html: string, pattern: RegExp): string | undefined =>
  pattern.exec(html.replace(/data:image\/png;base64,[^"]*/g, "data:"))?.[0]

/** All tags with their attributes' names, without the values. */
const tags = (html: string): string => [...html.matchAll(/<[^>]*>/g)].join("\n").replace(/"[^"]*"/g, '""')

const headline = (html: string): string => textOf(/<h1[^>]*>(.*?)<\/h1>/s.exec(html)![1]!)

describe("renderReport", () => {
  it.effect("gives equal bytes for equal input, also after a journey through JSON", () =>
    Effect.gen(function* () {
      const input = reportInput()
      const json = JSON.stringify(Schema.encodeUnknownSync(ReportInput)(input))
      const back = Schema.decodeUnknownSync(ReportInput)(JSON.parse(json))
      expect(yield* renderReport(back)).toEqual(yield* renderReport(input))
    })
  )

  it.effect("draws every optional part, and leaves it out where it is not given", () =>
    Effect.gen(function* () {
      const full = yield* renderReport(yield* Effect.promise(() => fullInput()))
      const plain = yield* renderReport(reportInput())
      for (const id of ["augmentation", "frozen-layers", "mistakes", "generator"]) {
        expect(full.html.includes(`<section id="${id}"`), id).toBe(true)
        expect(plain.html.includes(`id="${id}"`), id).toBe(false)
      }
      expect(found(full.html, /NaN|undefined|Infinity/)).toBeUndefined()
      expect(full.html).toContain("at the output of block 17, 8 × 8 cells")
      expect(textOf(full.html)).toContain("241 of 300")
      expect(full.html).toContain('alt="ISIC_0024306, then 8 augmented views of it"')
      const names = full.charts.map((chart) => chart.name)
      expect(new Set(names).size).toBe(names.length)
      expect(names).toEqual(expect.arrayContaining(["difference", "roc", "precision-recall", "subgroups"]))
      for (const { name, svg } of full.charts) expect(svg.startsWith("<svg "), name).toBe(true)
    })
  )

  it.effect("asks whether it helped only where there was a generator", () =>
    Effect.gen(function* () {
      const input = reportInput()
      const { comparison } = input
      const audit = { ...comparison.audit, generator: { ...comparison.audit.generator, provenance: "none" as const } }
      const sweep = yield* renderReport({ ...input, comparison: { ...comparison, audit } })
      expect((yield* renderReport(input)).html).toContain(">Did it help?</h2>")
      expect(sweep.html).toContain(`>Against ${comparison.reference}</h2>`)
    })
  )

  it.effect("writes no image and no single prediction into report.json", () =>
    Effect.gen(function* () {
      const input = yield* Effect.promise(() => fullInput())
      const { json } = yield* renderReport(input)
      const report = JSON.parse(json)
      expect(report.predictions).toBeUndefined()
      expect(report.mistakes[0].id).toBe(input.mistakes![0]!.id)
      expect(report.triples[0].nearest.distance).toBe(input.triples![0]!.nearest.distance)
      expect(report.comparison.arms[0].seeds[0].metrics.auc).toEqual(input.comparison.arms[0]!.seeds[0]!.metrics.auc)
      expect(report.comparison.arms[0].seeds[0].metrics.roc).toBeUndefined()
      expect(report.generator[0].memorisation.authentic).toBe(0.83)
      expect(json.includes("iVBORw0KGgo")).toBe(false)
    })
  )

  it.effect("says in its heading what report.json says", () =>
    Effect.gen(function* () {
      const input = reportInput()
      const { html, json } = yield* renderReport(input)
      expect(JSON.parse(json).verdict.sentence).toBe(input.comparison.verdict.sentence)
      expect(headline(html)).toBe(input.comparison.verdict.sentence)
    })
  )

  it.effect("holds every arm, seed and digest", () =>
    Effect.gen(function* () {
      const input = reportInput()
      const { html } = yield* renderReport(input)
      const text = textOf(html)
      for (const { arm } of input.comparison.arms) expect(text.includes(arm)).toBe(true)
      for (const { digest, node } of input.provenance) {
        expect(text.includes(node)).toBe(true)
        expect(text.includes(digest)).toBe(true)
      }
    })
  )

  it.effect("loads nothing, runs nothing, and has no id twice", () =>
    Effect.gen(function* () {
      const { html } = yield* renderReport(reportInput())
      expect(found(html, /<script|<iframe|<object|@import|@font-face/i)).toBeUndefined()
      for (const [, target] of html.matchAll(/\s(?:src|href|xlink:href)="([^"]*)"/g))
        expect(target).toMatch(/^(#|data:)/)
      const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1])
      expect(new Set(ids).size).toBe(ids.length)
    })
  )

  it.effect("is drawn for one seed, and for one arm of one epoch", () =>
    Effect.gen(function* () {
      const one = reportInput(threeArms.slice(0, 2), [7])
      const { html } = yield* renderReport({
        ...one,
        histories: one.histories.map((history) => ({ ...history, bestEpoch: 1, epochs: history.epochs.slice(0, 1) }))
      })
      expect(html.includes("Wilson 95 % intervals")).toBe(true)
      expect(found(html, /NaN|undefined|Infinity/)).toBeUndefined()
    })
  )

  it.effect("is drawn where the test set has one class and nothing can be ranked", () =>
    Effect.gen(function* () {
      const input = reportInput(threeArms.slice(0, 2), [0])
      const metrics = evaluateBinary({ label: [0, 0, 0], logit: [-1, 0, 1] }, 0)
      const arms = input.comparison.arms.map((arm) => ({ ...arm, auc: null, seeds: [{ seed: 0, metrics }] }))
      const { html, modelCard } = yield* renderReport({ ...input, comparison: { ...input.comparison, arms } })
      expect(found(html + modelCard, /NaN|undefined|Infinity/)).toBeUndefined()
    })
  )

  it.effect("shows hostile names as text", () =>
    Effect.gen(function* () {
      const { html } = yield* renderReport(hostileInput())
      expect(found(html, /<script|<img|\u202e/i)).toBeUndefined()
      expect(found(tags(html), /\son[a-z]+\s*=/i)).toBeUndefined()
      expect(html.match(/<style>/g)).toHaveLength(1)
      expect(textOf(html).includes(hostile[0]!)).toBe(true)
    })
  )
})

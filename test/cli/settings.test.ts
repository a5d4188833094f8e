import { describe, expect, it } from "@effect/vitest"
import { Effect, Result, Schema } from "effect"
import fc from "fast-check"
import { resolveSettings } from "../../src/cli/settings/resolve.ts"
import { leavesOf, settingsTree } from "../../src/cli/settings/tree.ts"
import { define, type Pipeline } from "../../src/dag/pipeline.ts"

const section = <F extends Schema.Struct.Fields>(fields: F) => Schema.Struct(fields)
const or = Schema.withDecodingDefaultKey

const Settings = section({
  data: section({
    real: Schema.optionalKey(Schema.String.annotate({ description: "a folder" })),
    ratios: Schema.Array(Schema.Finite).pipe(or(Effect.succeed([1]))),
    classes: Schema.Array(Schema.String).pipe(or(Effect.succeed([]))),
    allow: Schema.Array(Schema.Literals(["leak", "copy"])).pipe(or(Effect.succeed([]))),
    limits: Schema.Record(Schema.String, Schema.Finite).pipe(or(Effect.succeed({})))
  }).pipe(or(Effect.succeed({}))),
  model: section({
    variant: Schema.Literals(["b0", "b3"]).pipe(or(Effect.succeed("b3" as const))),
    frozenLayers: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 26 })).pipe(or(Effect.succeed(18))),
    head: section({
      dropout: Schema.Finite.pipe(or(Effect.succeed(0.3))),
      bias: Schema.Boolean.pipe(or(Effect.succeed(true)))
    }).pipe(or(Effect.succeed({})))
  }).pipe(or(Effect.succeed({}))),
  note: Schema.NullOr(Schema.String).pipe(or(Effect.succeed(null)))
})

const pipeline = define({ name: "test", description: "", settings: Settings, build: () => ({ targets: [] }) })

const resolve = (set: ReadonlyArray<string>, file?: Record<string, unknown>) =>
  resolveSettings(pipeline, file === undefined ? { set } : { set, file: { path: "f.json", settings: file } })

const decoded = (...set: ReadonlyArray<string>) =>
  Result.getOrThrow(Result.map(resolve(set), (resolved) => resolved.decoded as typeof Settings.Type))

const fault = (set: ReadonlyArray<string>, file?: Record<string, unknown>): string => {
  const result = resolve(set, file)
  if (Result.isSuccess(result)) throw new Error("it was accepted")
  return result.failure.message
}

describe("the settings' tree", () => {
  it("names every leaf, in the order of the schema", () => {
    expect(leavesOf(settingsTree(pipeline.settings)).map(([path]) => path)).toEqual([
      "data.real",
      "data.ratios",
      "data.classes",
      "data.allow",
      "data.limits",
      "model.variant",
      "model.frozenLayers",
      "model.head.dropout",
      "model.head.bias",
      "note"
    ])
  })
})

/** A value of each leaf's type, by path. */
const values: Record<string, fc.Arbitrary<unknown>> = {
  "data.real": fc.string(),
  "data.ratios": fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })),
  "data.classes": fc.array(fc.string()),
  "data.allow": fc.array(fc.constantFrom("leak", "copy")),
  "data.limits": fc.dictionary(
    fc.string().filter((key) => key !== "__proto__"),
    fc.double({ noNaN: true, noDefaultInfinity: true })
  ),
  "model.variant": fc.constantFrom("b0", "b3"),
  "model.frozenLayers": fc.integer({ min: 0, max: 26 }),
  "model.head.dropout": fc.double({ noNaN: true, noDefaultInfinity: true }),
  "model.head.bias": fc.boolean(),
  note: fc.option(fc.string(), { nil: null })
}

const at = (value: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], value)

describe("--set", () => {
  it("has a value in this test for every leaf", () => {
    expect(Object.keys(values).sort()).toEqual(
      leavesOf(settingsTree(pipeline.settings))
        .map(([path]) => path)
        .sort()
    )
  })

  it.each(Object.keys(values))("sets %s to any value of its type, and nothing else", (path) => {
    const defaults = decoded()
    fc.assert(
      fc.property(values[path]!, (value) => {
        const result = decoded(`${path}=${JSON.stringify(value)}`)
        expect(at(result, path)).toEqual(at(JSON.parse(JSON.stringify({ value })), "value"))
        for (const other of Object.keys(values)) {
          if (other !== path) expect(at(result, other)).toEqual(at(defaults, other))
        }
      }),
      { numRuns: 50 }
    )
  })

  it("takes text that is no JSON, and text that looks like a number where text is meant", () => {
    expect(decoded("data.real=/some/folder").data.real).toBe("/some/folder")
    expect(decoded("data.real=2024").data.real).toBe("2024")
    expect(decoded("data.real=a=b").data.real).toBe("a=b")
    expect(decoded("note=null").note).toBe(null)
    expect(decoded("data.real=").data.real).toBe("")
  })

  it("takes one text for a list of texts", () => {
    expect(decoded("data.allow=leak").data.allow).toEqual(["leak"])
    expect(decoded('data.allow="leak"').data.allow).toEqual(["leak"])
    expect(decoded('data.allow=["leak","copy"]').data.allow).toEqual(["leak", "copy"])
    expect(decoded("data.classes=nv mel").data.classes).toEqual(["nv mel"])
    expect(decoded("data.classes=2024").data.classes).toEqual(["2024"])
    expect(fault(["data.allow=laek"])).toContain('data.allow.0: expected "leak" | "copy", got "laek"')
    expect(fault(['data.allow=["leak"'])).toContain("data.allow: expected array")
    expect(fault(["data.ratios=many"])).toContain("data.ratios: expected array")
    expect(fault(["data.allow={}"])).toContain("data.allow: expected array")
  })

  it("lets a later value win, and keeps what stands beside a setting of a section", () => {
    expect(decoded("model.frozenLayers=1", "model.frozenLayers=2").model.frozenLayers).toBe(2)
    const model = decoded("model.variant=b0", 'model={"frozenLayers":3}').model
    expect(model).toMatchObject({ variant: "b0", frozenLayers: 3 })
  })

  it("sets one entry of a record", () => {
    expect(decoded("data.limits.a=1", "data.limits.b=2").data.limits).toEqual({ a: 1, b: 2 })
  })

  it("wins over the file, and both are remembered", () => {
    const result = Result.getOrThrow(resolve(["model.variant=b0"], { model: { variant: "b3", frozenLayers: 4 } }))
    expect((result.decoded as typeof Settings.Type).model).toMatchObject({ variant: "b0", frozenLayers: 4 })
    expect(Object.fromEntries(result.origins)).toEqual({
      "model.variant": "--set model.variant=b0",
      "model.frozenLayers": "f.json"
    })
  })

  it("suggests the setting that was meant", () => {
    expect(fault(["modle.frozenLayers=1"])).toContain("did you mean model.frozenLayers?")
    expect(fault(["model.frozenLayer=1"])).toContain("did you mean model.frozenLayers?")
    expect(fault(["frozenLayers=1"])).toContain("did you mean model.frozenLayers?")
    expect(fault(["model.head.droput=1"])).toContain("did you mean model.head.dropout?")
    expect(fault(["modle.x=1"])).toContain("did you mean a setting of model?")
    expect(fault(["zzzzzz=1"])).not.toContain("did you mean")
    expect(fault([], { modle: { frozenLayers: 1 } })).toMatch(/^f\.json: there is no setting modle\.frozenLayers; did/u)
  })

  it("names the place, what was given and what is expected", () => {
    expect(fault(["model.frozenLayers=99"])).toBe(
      "--set model.frozenLayers=99: model.frozenLayers: expected a value between 0 and 26, got 99\n" +
        "  mend: give model.frozenLayers a value that fits; its default is 18"
    )
    expect(fault(["model.variant=b9"])).toContain('expected "b0" | "b3", got "b9"')
    expect(fault(['data.ratios=["a"]'])).toContain('data.ratios.0: expected number, got "a"')
    expect(fault([], { model: { frozenLayers: "many" } })).toMatch(/^f\.json: model\.frozenLayers: expected/u)
  })

  it("does not touch prototypes", () => {
    expect(fault(["__proto__.polluted=1"])).toContain("there is no setting")
    resolve(["data.limits.__proto__=1"])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it("asks for what has no default", () => {
    const needy: Pipeline = define({
      name: "needy",
      description: "",
      settings: section({ data: section({ real: Schema.String, extra: Schema.optionalKey(Schema.String) }) }),
      build: () => ({ targets: [] })
    })
    const result = resolveSettings(needy, { set: [] })
    expect(Result.isFailure(result) && result.failure.message).toBe(
      "needy: data.real must be given\n  mend: --set data.real=..."
    )
  })
})

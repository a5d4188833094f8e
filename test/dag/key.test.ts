import { assert, it } from "@effect/vitest"
import fc from "fast-check"
import { keyOf } from "../../src/dag/key.ts"
import { digestOfJson } from "../../src/store/digest.ts"

it("a key is the digest of its record's canonical JSON, whatever the order that the record was built in", () => {
  const names = fc.dictionary(fc.string(), fc.string())
  const record = fc.record({
    format: fc.constant(1 as const),
    stage: fc.string(),
    code: fc.string(),
    params: fc.jsonValue() as fc.Arbitrary<never>,
    inputs: names,
    sources: names,
    packages: names,
    environment: names
  })
  fc.assert(
    fc.property(record, (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse()) as typeof value
      assert.strictEqual(keyOf(value), digestOfJson(value))
      assert.strictEqual(keyOf(reversed), keyOf(value))
    })
  )
})

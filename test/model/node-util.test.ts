import { createRequire } from "node:module"
import { assert, describe, it } from "@effect/vitest"
import { restoreUtilFunctions } from "../../src/model/backends/node-util.ts"

type Functions = Record<string, (value: unknown) => boolean>

describe("the functions that Node 23 removed from util", () => {
  it("are put back, for whoever requires util", () => {
    restoreUtilFunctions()
    const util = createRequire(import.meta.url)("util") as Functions
    const values = [[], null, undefined, "", 0, false, {}, () => 0]
    const truths: Record<string, ReadonlyArray<unknown>> = {
      isArray: [values[0]],
      isNullOrUndefined: [null, undefined],
      isString: [""],
      isNumber: [0],
      isBoolean: [false],
      isObject: [values[0], values[6]],
      isFunction: [values[7]],
      isUndefined: [undefined]
    }
    for (const [name, expected] of Object.entries(truths)) {
      assert.deepStrictEqual(
        values.filter((value) => util[name]!(value)),
        expected,
        name
      )
    }
  })

  it("are left alone where they are", () => {
    const isArray = () => true
    const target: Functions = { isArray }
    restoreUtilFunctions(target)
    assert.strictEqual(target.isArray, isArray)
    assert.isTrue(target.isNullOrUndefined!(null))
  })
})

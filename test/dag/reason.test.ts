/** Which folders of a source a reason names. */
import { assert, describe, it } from "@effect/vitest"
import { compare, describeInFull, describe as printed, type Recorded } from "../../src/dag/reason.ts"

const recorded = (source: string, folders?: Readonly<Record<string, string>>): Recorded => ({
  record: {
    format: 1,
    stage: "ingest",
    code: "c",
    params: {},
    inputs: {},
    sources: { images: source },
    packages: {},
    environment: {}
  },
  files: {},
  ...(folders === undefined ? {} : { folders: { images: folders } })
})

const reasons = (last: Recorded, now: Recorded) => compare(last, now).map(printed)

describe("a change of files", () => {
  const last = recorded("one", { ".": "1", a: "1", "a/b": "1", c: "1" })

  it("is told with the folders whose own files changed, came or went", () => {
    const now = recorded("two", { ".": "2", a: "1", "a/b": "2", d: "1" })
    assert.deepStrictEqual(reasons(last, now), ["files of images: one → two, in ., a/b, c and 1 more folder"])
    assert.deepInclude(compare(last, now)[0], { folders: [".", "a/b", "c", "d"] })
  })

  it("in the source's own folder alone names no other", () =>
    assert.deepStrictEqual(reasons(last, recorded("two", { ".": "2", a: "1", "a/b": "1", c: "1" })), [
      "files of images: one → two"
    ]))

  it("against a run that knew no folders names none", () =>
    assert.deepStrictEqual(compare(recorded("one"), recorded("two", { ".": "2" })), [
      { _tag: "SourceChanged", source: "images", from: "one", to: "two" }
    ]))

  it("is none where the source is as it was", () => assert.deepStrictEqual(compare(last, recorded("one", {})), []))
})

it("a long parameter is cut in a list of reasons, and whole where one node is explained", () => {
  const list = Array.from({ length: 9 }, (_, at) => ({ _tag: "Flip", p: at / 10 }))
  const of = (transforms: string | typeof list): Recorded => {
    const { record, files } = recorded("one")
    return { record: { ...record, params: { transforms } }, files }
  }
  const [reason] = compare(of("original"), of(list))
  const cut = `${JSON.stringify(list).slice(0, 57)}...`
  assert.strictEqual(printed(reason!), `transforms: original → ${cut}`)
  assert.strictEqual(describeInFull(reason!), `transforms: original → ${JSON.stringify(list)}`)
})

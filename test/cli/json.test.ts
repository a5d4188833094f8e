/** What `--json` prints is what docs/json says, for every command of the command line. */
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { outputs } from "../../src/cli/json.ts"
import { jsonLines, quickly, temporary } from "./program.ts"

const folder = temporary()
const store = join(folder.path, "store")

beforeAll(async () => {
  const first = await quickly("run", "--store", store)
  const second = await quickly("run", "--store", store, "--set", "grow.factor=3", "--json")
  assert.deepStrictEqual([first.code, second.code], [0, 0])
  for (const line of jsonLines(second.out)) Schema.decodeUnknownSync(outputs.run, { onExcessProperty: "error" })(line)
  assert.strictEqual(jsonLines(second.out).at(-1)?._tag, "RunFinished")
})
afterAll(folder.remove)

type Command = Exclude<keyof typeof outputs, "run" | "data">

const calls: Readonly<Record<Command, ReadonlyArray<ReadonlyArray<string>>>> = {
  plan: [["plan"], ["plan", "--set", "grow.factor=4"], ["plan", "--only", "grow:*"]],
  explain: [
    ["explain", "judge"],
    ["explain", "judge", "--set", "grow.factor=4"],
    ["explain", "grow:small", "--against", "previous"]
  ],
  graph: [["graph"]],
  verify: [["verify", "gather"]],
  runs: [["runs"]],
  diff: [["diff", "previous", "last"]],
  gc: [["gc", "--keep-last", "1", "--dry"]],
  "store check": [["store", "check"]],
  "config show": [["config", "show"]],
  doctor: [["doctor"]]
}

describe("the output of", () => {
  const each = Object.entries(calls).flatMap(([command, list]) =>
    list.map((args) => [command as Command, args] as const)
  )
  it.concurrent.each(each)("%s is as documented: %s", async (command, args) => {
    const { code, out, err } = await quickly(
      ...args,
      "--json",
      ...(command === "config show" ? [] : ["--store", store])
    )
    assert.strictEqual(code, 0, err)
    const schema: Schema.Codec<unknown, unknown> = outputs[command] as Schema.Codec<unknown, unknown>
    Schema.decodeUnknownSync(schema, { onExcessProperty: "error" })(JSON.parse(out))
  })
})

/** A run's times as a Chrome trace with its critical path, and as OpenTelemetry spans sent to a server. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Event } from "../../src/dag/events.ts"
import { nodesOf } from "../../src/dag/pipeline.ts"
import { chromeTrace, otlp, recordSpans, type Timed } from "../../src/dag/trace-export.ts"
import { constant, round, show, sum } from "./arithmetic.ts"

const first = constant.node({ label: "a", params: { value: 1 }, inputs: {} })
const second = constant.node({ label: "b", params: { value: 2 }, inputs: {} })
const rounded = round.node({ params: { digits: 1 }, inputs: { value: first } })
const total = sum.node({ params: {}, inputs: { terms: { rounded, second }, bonus: undefined } })
const nodes = nodesOf([show.node({ params: { label: "" }, inputs: { value: total } })])

const output = { artifact: "Number", digest: "0".repeat(64), size: 1 }
const started = (node: string): Event => ({ _tag: "NodeStarted", node, key: "k", reasons: [{ _tag: "FirstRun" }] })
const finished = (node: string, seconds: number): Event => ({ _tag: "NodeFinished", node, output, seconds })

/** a (1 s) → round (2 s) and beside them b (2.5 s), then sum (1 s), then show, which is cut off. */
const events: ReadonlyArray<Timed> = [
  { at: 1000, event: { _tag: "RunStarted", run: "r", pipeline: "test", nodes: nodes.map((node) => node.name) } },
  { at: 1000, event: started("constant:a") },
  { at: 1000, event: started("constant:b") },
  { at: 2000, event: finished("constant:a", 1) },
  { at: 2000, event: started("round") },
  { at: 3500, event: finished("constant:b", 2.5) },
  { at: 4000, event: finished("round", 2) },
  { at: 4000, event: started("sum") },
  { at: 5000, event: { _tag: "NodeFailed", node: "sum", error: "it failed" } }
]

describe("the trace of a run", () => {
  it("has each node's work in microseconds, side by side, with the critical path marked", () => {
    const trace = JSON.parse(chromeTrace(nodes, events))
    assert.deepStrictEqual(trace.otherData.criticalPath, ["constant:a", "round", "sum"])
    assert.deepStrictEqual(
      trace.traceEvents.map((span: any) => [span.name, span.ts, span.dur, span.tid, span.args.critical]),
      [
        ["constant:a", 0, 1_000_000, 1, true],
        ["constant:b", 0, 2_500_000, 2, false],
        ["round", 1_000_000, 2_000_000, 1, true],
        ["sum", 3_000_000, 1_000_000, 1, true]
      ]
    )
    assert.strictEqual(trace.traceEvents[3].args.outcome, "failed")
  })

  it("ends what was cut off with the last event", () => {
    const trace = JSON.parse(chromeTrace(nodes, events.slice(0, 5)))
    assert.deepStrictEqual(
      trace.traceEvents.map((span: any) => [span.name, span.args.outcome]),
      [
        ["constant:a", "finished"],
        ["constant:b", "interrupted"],
        ["round", "interrupted"]
      ]
    )
  })

  it.live("reaches an OpenTelemetry server as spans below the run's", () =>
    Effect.gen(function* () {
      const bodies: Array<any> = []
      const server = createServer((request, response) => {
        let text = ""
        request.on("data", (chunk) => (text += chunk))
        request.on("end", () => {
          bodies.push([request.url, JSON.parse(text)])
          response.setHeader("content-type", "application/json").end("{}")
        })
      })
      yield* Effect.callback<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void)))
      const { port } = server.address() as AddressInfo
      yield* recordSpans(nodes, events).pipe(Effect.provide(otlp(`http://127.0.0.1:${port}/`, "1.2.3")))
      server.close()
      assert.strictEqual(bodies[0][0], "/v1/traces")
      const spans = bodies.flatMap(([, body]) => body.resourceSpans[0].scopeSpans[0].spans)
      const whole = spans.find((span) => span.name === "run test")
      const names = spans.filter((span) => span.parentSpanId === whole.spanId).map((span) => span.name)
      assert.sameMembers(names, ["constant:a", "constant:b", "round", "sum"])
      const rounding = spans.find((span) => span.name === "round")
      assert.strictEqual(BigInt(rounding.endTimeUnixNano) - BigInt(rounding.startTimeUnixNano), 2_000_000_000n)
      assert.strictEqual(spans.find((span) => span.name === "sum").status.code, 2)
    })
  )
})

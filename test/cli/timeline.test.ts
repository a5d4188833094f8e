/** Every run leaves a Chrome trace with its critical path, and sends its spans where a server is named. */
import { readFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, describe, expect, it } from "@effect/vitest"
import { jsonLines, quickly, quicklyIn, temporary } from "./program.ts"

const { path: store, remove } = temporary()
afterAll(remove)

describe("a run", () => {
  it("leaves a Chrome trace of its work beside its book, with the critical path", async () => {
    const { code, out } = await quickly("run", "--json", "--store", store)
    expect(code).toBe(0)
    const { timeline, criticalPath } = jsonLines(out).at(-1) as {
      readonly timeline: string
      readonly criticalPath: ReadonlyArray<{ readonly node: string; readonly seconds: number }>
    }
    const path = criticalPath.map(({ node }) => node)
    expect(path[0]).toBe("gather")
    expect(path.at(-1)).toBe("judge")
    const trace = JSON.parse(readFileSync(timeline, "utf8"))
    expect(trace.otherData.criticalPath).toEqual(path)
    const spans = trace.traceEvents.filter(({ ph }: { readonly ph: string }) => ph === "X")
    expect(spans.map(({ name }: { readonly name: string }) => name).sort()).toEqual([
      "gather",
      "grow:large",
      "grow:small",
      "judge"
    ])
    const books = JSON.parse((await quickly("runs", "--json", "--store", store)).out)
    expect(books.runs[0]).toMatchObject({ timeline, criticalPath })
    expect((await quickly("runs", "--store", store)).out).toContain("critical path")
  })

  it("shows the critical path and where the trace lies, in words", async () => {
    const { out } = await quickly("run", "--set", "grow.factor=3", "--store", store)
    expect(out).toMatch(/^critical +grow:(small|large) .* → judge .*\)$/mu)
    expect(out).toMatch(/^trace +\/.*timelines\/.*\.json$/mu)
  })

  it("sends its spans to the server in OTEL_EXPORTER_OTLP_ENDPOINT, with the headers asked for", async () => {
    const received: Array<{ readonly url: string; readonly token: unknown; readonly body: any }> = []
    const server = createServer((request, response) => {
      let text = ""
      request.on("data", (chunk) => (text += chunk))
      request.on("end", () => {
        received.push({ url: request.url ?? "", token: request.headers["x-token"], body: JSON.parse(text) })
        response.setHeader("content-type", "application/json").end("{}")
      })
    })
    await new Promise<void>((listening) => void server.listen(0, "127.0.0.1", listening))
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: "x-token=a%20b" }
    const { code } = await quicklyIn(env, "run", "--set", "grow.factor=4", "--store", store)
    server.close()
    expect(code).toBe(0)
    expect(received.map(({ url, token }) => [url, token])).toEqual([["/v1/traces", "a b"]])
    const spans = received.flatMap(({ body }) => body.resourceSpans[0].scopeSpans[0].spans)
    expect(spans.map(({ name }) => name).sort()).toEqual(["grow:large", "grow:small", "judge", "run numbers"])
  })

  it("ends as well where that server is not there", async () => {
    const { code, out } = await quicklyIn(
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" },
      "run",
      "--store",
      store
    )
    expect(code).toBe(0)
    expect(out).toContain("Nothing to do")
  })
})

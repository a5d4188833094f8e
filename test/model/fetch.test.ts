import { createHash } from "node:crypto"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { fetchPinned } from "../../src/model/weights/fetch.ts"

const body = Buffer.from("weights ".repeat(5000))
const sha256 = createHash("sha256").update(body).digest("hex")
const options = { limit: 100_000 }

let server: Server
let address: string
const asked: Array<string> = []

beforeAll(async () => {
  server = createServer((request, response) => {
    const { url = "" } = request
    asked.push(url)
    const [, redirects] = /^\/redirect\/(\d+)$/.exec(url) ?? []
    if (redirects !== undefined) {
      response.writeHead(302, { location: redirects === "0" ? "/whole" : `/redirect/${Number(redirects) - 1}` }).end()
    } else if (url === "/whole") response.writeHead(200, { "content-length": body.length }).end(body)
    else if (url === "/chunked") response.writeHead(200).end(body)
    else if (url === "/cut") {
      response.writeHead(200, { "content-length": body.length })
      response.write(body.subarray(0, 1000), () => response.destroy())
    } else if (url === "/short") response.writeHead(200).end(body.subarray(0, 1000))
    else if (url === "/endless") {
      response.writeHead(200)
      const more = () => response.destroyed || response.write(body, more)
      more()
    } else response.writeHead(404).end()
  })
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

const fetched = (path: string, digest = sha256, limit = options.limit) =>
  fetchPinned({ url: `${address}${path}`, sha256: digest }, { limit })
const refused = (path: string, digest?: string, limit?: number) => Effect.flip(fetched(path, digest, limit))

describe("a file by its address", () => {
  it.live.each(["/whole", "/chunked", "/redirect/3"])("comes from %s when its digest is right", (path) =>
    Effect.gen(function* () {
      const seen: Array<number> = []
      const onBytes = (received: number) => seen.push(received)
      const bytes = yield* fetchPinned({ url: `${address}${path}`, sha256 }, { ...options, onBytes })
      assert.isTrue(body.equals(bytes))
      assert.strictEqual(seen.at(-1), body.length)
      assert.isTrue(body.equals(yield* fetched(path, sha256.slice(0, 8))))
    })
  )

  it.live("is refused under another digest, with both", () =>
    Effect.gen(function* () {
      const wanted = `${sha256[0] === "0" ? "1" : "0"}${sha256.slice(1)}`
      const { message } = yield* refused("/whole", wanted)
      assert.include(message, `SHA-256 is ${sha256}, where ${wanted} was asked for`)
      // An altered file has another digest, whatever its length.
      assert.match((yield* refused("/short")).message, /SHA-256 is .* was asked for/)
    })
  )

  it.live("is refused where the connection ends before the file does", () =>
    Effect.gen(function* () {
      const { message } = yield* refused("/cut")
      assert.match(message, /^http:\/\/127\.0\.0\.1:\d+\/cut: .*Try again/)
    })
  )

  it.live("is refused where it is too large, announced or not, and no more of it is read", () =>
    Effect.gen(function* () {
      assert.match((yield* refused("/whole", sha256, 1000)).message, /40000 bytes, where 1000 are the most/)
      assert.match((yield* refused("/endless")).message, /bytes, where 100000 are the most/)
    })
  )

  it.live("is refused behind too many redirects, from a server that has it not, and from none", () =>
    Effect.gen(function* () {
      asked.length = 0
      assert.match((yield* refused("/redirect/9")).message, /more than 5 redirects/)
      assert.strictEqual(asked.length, 6)
      assert.match((yield* refused("/nowhere")).message, /the server answered 404/)
      const error = yield* Effect.flip(fetchPinned({ url: "http://127.0.0.1:1/x", sha256 }, options))
      assert.match(error.message, /^http:\/\/127\.0\.0\.1:1\/x: .*Try again/)
    })
  )
})

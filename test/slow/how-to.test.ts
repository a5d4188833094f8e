/** Every command of docs/how-to.md works as it stands there: `run` is planned, the others are run. */
import { spawnSync } from "node:child_process"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import sharp from "sharp"
import { networkPlan } from "../../src/model/architecture/network.ts"
import { initialise } from "../../src/model/weights/initialise.ts"
import { encodeValues } from "../../src/model/weights/values.ts"
import { generator } from "../../src/random/generator.ts"
import { copyProject, finished, type Project } from "../pipelines/project.ts"

const page = readFileSync(resolve("docs/how-to.md"), "utf8")
/** Lines of code: indented by four, one that ends in a backslash with the next. */
const commands = page
  .replaceAll("\\\n", " ")
  .split("\n")
  .flatMap((line) => (line.startsWith("    ") ? [line.trim().replaceAll(/ +/gu, " ")] : []))

/** What a reader puts in. */
const given: ReadonlyArray<readonly [RegExp, string]> = [
  [/\bGAN_FOLDER\b/gu, "gan"],
  [/\bFOLDER\b/gu, "images"],
  [/\bWEIGHTS\b/gu, "weights.safetensors"],
  [/\bSETTINGS\b/gu, "settings.json"],
  [/(?<=transforms=)FILE\b/gu, "transforms.json"],
  [/\bSHARED\b/gu, "cache"],
  [/\bNODE\b/gu, "compare-with-gan"],
  // A package that only those install who take its weights.
  [/ --set model\.weights=node_modules\S+/gu, ""],
  [/ \.\.\. /gu, " --set data.real=images --set data.synthetic=gan "],
  [/\bRUN RUN\b/gu, "previous last"],
  // `plan` does not take it; all of the fixture is up to date.
  [/^D run (?=--verify )/gu, "dermograph run --pipeline fixture "],
  [/--against RUN\b/gu, "--against last --pipeline fixture"]
]

const program = `
dermograph() { node bin/dermograph.mjs "$@"; }
D() { local command="$1"; shift; [ "$command" = run ] && command=plan; dermograph "$command" "$@"; }
set -eo pipefail
`

let project: Project
beforeAll(async () => {
  project = copyProject()
  const draw = async (folder: string, name: string) => {
    mkdirSync(join(project.root, folder), { recursive: true })
    const random = generator("how-to", folder, name)
    const data = Uint8Array.from({ length: 48 * 48 * 3 }, () => random.uint32() % 256)
    await sharp(data, { raw: { width: 48, height: 48, channels: 3 } })
      .png()
      .toFile(join(project.root, folder, name))
  }
  for (const label of ["benign", "malignant"]) {
    for (let at = 0; at < 12; at++) await draw(`images/${label}`, `${at}.png`)
    for (let at = 0; at < 4; at++) await draw(`gan/${label}`, `${at}.png`)
  }
  const plan = networkPlan({ variant: "b3", family: "timm", head: "plain" })
  writeFileSync(join(project.root, "weights.safetensors"), encodeValues(plan, initialise(plan, 1)))
  writeFileSync(join(project.root, "settings.json"), '{ "model": { "frozenLayers": 3 } }')
  writeFileSync(join(project.root, "transforms.json"), '[{ "_tag": "VerticalFlip", "p": 0.3 }]')
  for (const _ of ["previous", "last"]) {
    const { code, stderr } = await finished(project.startQuickly("run", "--pipeline", "fixture"))
    assert.strictEqual(code, 0, stderr)
  }
}, 600_000)
afterAll(() => project.remove())

describe("the commands of the page", () => {
  it("are all there", () => assert.isAtLeast(commands.length, 20))

  it.each(commands)(
    "%s",
    (line) => {
      const command = given.reduce((text, [word, value]) => text.replace(word, value), line)
      const { status, stderr } = spawnSync("bash", ["-c", `${program}${command}`], {
        cwd: project.root,
        encoding: "utf8",
        env: { ...process.env, PATH: `${resolve("node_modules/.bin")}:${process.env.PATH}`, NO_COLOR: "1" }
      })
      assert.strictEqual(status, 0, `${command}\n${stderr}`)
      assert.notMatch(stderr, /error: /u)
    },
    300_000
  )
})

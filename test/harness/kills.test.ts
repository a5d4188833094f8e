/**
 * Kills at random moments: a run's whole group, the run alone or one of its workers gets SIGKILL,
 * single or beside a second run on the same store. What is left behind must never show: the runs that are at last let
 * through end with the digests of one that nobody disturbed, and the store is sound.
 *
 *   KILLS=500 SEED=7 npm run test:harness -- kills
 */
import { readdirSync, readFileSync, rmSync } from "node:fs"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import { type Generator, generator } from "../../src/random/generator.ts"
import { copyProject, finished, type Project } from "../pipelines/project.ts"

const kills = Number(process.env.KILLS ?? 200)
const seed = Number(process.env.SEED ?? 1)
/** Kills in a row before the runs are let through, at most. */
const inARow = 12

let project: Project
beforeAll(() => {
  project = copyProject()
})
afterAll(() => project.remove())

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** The processes of a group: id and command line. */
const membersOf = (group: number): ReadonlyArray<readonly [number, string]> =>
  readdirSync("/proc").flatMap((name) => {
    try {
      if (!/^\d+$/u.test(name)) return []
      const fields = readFileSync(`/proc/${name}/stat`, "utf8").split(") ").at(-1)!.split(" ")
      if (Number(fields[2]) !== group) return []
      return [[Number(name), readFileSync(`/proc/${name}/cmdline`, "utf8")] as const]
    } catch {
      return []
    }
  })

const victims = {
  group: (group: number) => [-group],
  run: (group: number) => [group],
  worker: (group: number) => membersOf(group).flatMap(([id, command]) => (/worker\.ts/u.test(command) ? [id] : []))
} as const
type Victim = keyof typeof victims

const kill = (group: number, victim: Victim): boolean =>
  victims[victim](group)
    .slice(0, 1)
    .some((id) => {
      try {
        return process.kill(id, "SIGKILL")
      } catch {
        // It ended in this very moment.
        return false
      }
    })

/** What was going on when the signal came, by the last event. */
interface Blow {
  readonly victim: Victim
  readonly during: string
}

/** Starts a run and kills it `ms` after its first event, or after its start. Undefined where it had ended by then. */
const startAndKill = async (
  store: string,
  victim: Victim,
  moment: { readonly from: "start" | "first event"; readonly ms: number }
): Promise<Blow | undefined> => {
  const child = project.startQuickly("run", "--pipeline", "fixture", "--json", "--store", store)
  const end = finished(child)
  let during = "before the first event"
  const begun = new Promise<void>((first) => {
    child.stdout?.on("data", (text: Buffer) => {
      first()
      const event = /"_tag":"(\w+)"(?:,"node":"([\w-]+))?/u.exec(text.toString("utf8").trim().split("\n").at(-1)!)
      if (event !== null) during = `${event[1]}${event[2] === undefined ? "" : ` ${event[2]}`}`
    })
  })
  const over = end.then(() => "over" as const)
  if (moment.from === "first event" && (await Promise.race([begun, over])) === "over") return undefined
  const reached = await Promise.race([over, wait(moment.ms)])
  const blow = reached !== "over" && kill(child.pid!, victim) ? { victim, during } : undefined
  await end
  return blow
}

/** A run that nobody disturbs. */
const runThrough = async (store: string) => {
  const child = project.startQuickly("run", "--pipeline", "fixture", "--json", "--store", store)
  const { code, stdout, stderr } = await finished(child)
  assert.strictEqual(code, 0, stderr)
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { readonly _tag: string })
  const end = events.at(-1) as unknown as {
    readonly outputs: Readonly<Record<string, string>>
    readonly executed: ReadonlyArray<string>
  }
  return { ...end, events }
}

const randomBlow = (draw: Generator, store: string, length: number) => {
  const victim = (["group", "group", "run", "worker"] as const)[draw.integer(4)]!
  const from = draw.integer(8) === 0 ? "start" : "first event"
  return startAndKill(store, victim, { from, ms: draw.integer(Math.round(0.7 * length)) })
}

it(`${kills} kills leave no trace in any result`, async () => {
  const draw = generator("kills", seed)
  await finished(project.startQuickly("plan", "--pipeline", "fixture", "--store", `${project.root}/undisturbed`))
  const started = Date.now()
  const undisturbed = await runThrough(`${project.root}/undisturbed`)
  let length = Date.now() - started
  const counts: Record<string, number> = {}
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1
  }
  let done = 0
  let rounds = 0
  let resumed = 0
  while (done < kills) {
    const store = `${project.root}/store-${rounds++}`
    for (let n = 0; n < inARow && done < kills; n++) {
      const together = 1 + draw.integer(2)
      const blows = await Promise.all(Array.from({ length: together }, () => randomBlow(draw, store, length)))
      for (const blow of blows) {
        if (blow === undefined) continue
        done++
        count(`${together === 1 ? "single" : "one of two"}`)
        count(`victim: ${blow.victim}`)
        count(`during: ${blow.during}`)
      }
      // A machine is faster or slower by the minute: moments are kept within what a run takes now.
      length *= blows.includes(undefined) ? 0.85 : 1.02
      if (blows.includes(undefined)) break
    }
    const last = await Promise.all([runThrough(store), runThrough(store)])
    for (const { outputs } of last) assert.deepStrictEqual(outputs, undisturbed.outputs)
    for (const node of undisturbed.executed)
      assert.isFalse(
        last.every(({ executed }) => executed.includes(node)),
        node
      )
    resumed += last.flatMap(({ events }) => events).filter(({ _tag }) => _tag === "NodeResumed").length
    const check = await finished(project.startQuickly("store", "check", "--json", "--store", store))
    assert.strictEqual(check.code, 0, check.stdout)
    rmSync(store, { recursive: true, force: true })
    console.log(JSON.stringify({ kills: done, rounds, resumed }))
  }
  console.log(JSON.stringify({ kills: done, rounds, resumed, ...counts }))
})

/** `doctor`: whether this machine and this project are fit for a run, and what would make them so. */
import * as Effect from "effect/Effect"
import type { Finding } from "../config.ts"
import { examine } from "../doctor.ts"
import { Ended } from "../errors.ts"
import { Project, rootOf, storeOf } from "../project.ts"
import { print, printJson, style } from "../text/terminal.ts"
import { table } from "../text/width.ts"

export interface DoctorFlags {
  readonly store: string | undefined
  readonly json: boolean
}

const signs: Record<Finding["state"], string> = {
  good: style("green", "✓"),
  absent: style("dim", "·"),
  poor: style("yellow", "!"),
  bad: style("red", "✗")
}

export const renderFindings = (findings: ReadonlyArray<Finding>): ReadonlyArray<string> =>
  table(
    findings.flatMap(({ name, state, detail, mend }) => [
      [signs[state], name, detail],
      ...(mend === undefined ? [] : [["", "", style("cyan", `mend: ${mend}`)]])
    ])
  )

/** A check of the project's that breaks is a finding itself. */
const attempt = (check: () => Promise<ReadonlyArray<Finding>>): Promise<ReadonlyArray<Finding>> =>
  check().catch((cause: unknown) => [
    { name: "check", state: "bad", detail: cause instanceof Error ? cause.message : String(cause) }
  ])

export const doctor = Effect.fnUntraced(function* (flags: DoctorFlags) {
  const config = yield* Project
  const findings = yield* Effect.promise(async () => {
    const own = await examine(rootOf(config), storeOf(config, flags))
    const more: Array<Finding> = []
    for (const check of config.checks ?? []) more.push(...(await attempt(check)))
    return [...own, ...more]
  })
  if (flags.json) printJson({ findings })
  else for (const line of renderFindings(findings)) print(line)
  if (findings.some(({ state }) => state === "bad")) return yield* new Ended({ code: 1 })
})

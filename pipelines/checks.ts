/** What `doctor` asks of the machine on behalf of these pipelines: which backends start, and why the others do not. */
import * as Effect from "effect/Effect"

// --save-optional: npm passes over optional peers that a project already names, with --no-save alone.
const mends: Readonly<Record<string, string>> = {
  "tensorflow-gpu": "npm install --no-save --save-optional @tensorflow/tfjs-node-gpu@4.22.0",
  tensorflow: "npm install --no-save --save-optional @tensorflow/tfjs-node@4.22.0",
  webgpu: "npm install --no-save --save-optional webgpu@0.6.2 @tensorflow/tfjs-backend-webgpu@4.22.0"
}

interface Finding {
  readonly name: string
  readonly state: "good" | "absent"
  readonly detail: string
  readonly mend?: string
}

export const backends = async (): Promise<ReadonlyArray<Finding>> => {
  const { backendNames, openBackend } = await import("../src/model/backends/open.ts")
  const findings: Array<Finding> = []
  for (const backend of backendNames) {
    const name = `backend ${backend}`
    const opened = await Effect.runPromise(Effect.result(openBackend(backend)))
    if (opened._tag === "Success") findings.push({ name, state: "good", detail: opened.success.identity })
    else {
      const mend = mends[backend]
      findings.push({
        name,
        state: "absent",
        detail: opened.failure.message.replace(/^backend \S+ does not start \((.*?)\)\. .*/su, "$1"),
        ...(mend === undefined ? {} : { mend })
      })
    }
  }
  return findings
}

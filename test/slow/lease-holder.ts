/** A process that takes a lease and keeps it until it is killed. */
import * as Effect from "effect/Effect"
import { makeLeases } from "../../src/store/leases.ts"

const [root = "", beat, expiry] = process.argv.slice(2)
const leases = makeLeases(root, { beat: Number(beat), expiry: Number(expiry) })
const attempt = await Effect.runPromise(leases.attempt("key", "holder", undefined))
process.send?.(attempt._tag)
setInterval(() => {}, 1000)

/** A weight file by its address, taken only if its bytes are those that were asked for. */
import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import { WeightFileError } from "../errors.ts"

export interface Pinned {
  readonly url: string
  /** SHA-256 in hexadecimal, or its beginning as PyTorch puts it into a file's name: 8 digits at least. */
  readonly sha256: string
}

export interface FetchOptions {
  /** Bytes; a larger file is not taken. */
  readonly limit: number
  readonly onBytes?: (received: number, total: number | undefined) => void
}

/** Larger than any of the known files (b7: 256 MB in float32). */
export const sizeLimit = 2 ** 30

const redirectLimit = 5
/** Milliseconds without a byte after which the server is given up. */
const patience = 60_000

const fail = (url: string, fault: string, mend: string) =>
  new WeightFileError({ tensor: undefined, message: `${url}: ${fault}. ${mend}` })

const again = "Try again, or download it yourself and give its path."

/** The response behind all redirects; one from https to http is refused. */
const respond = async (url: string, signal: AbortSignal): Promise<Response> => {
  let at = new URL(url)
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(at, { redirect: "manual", signal })
    const to = response.headers.get("location")
    if (response.status < 300 || response.status >= 400 || to === null) return response
    await response.body?.cancel()
    const next = new URL(to, at)
    if (redirects === redirectLimit) throw fail(url, `more than ${redirectLimit} redirects`, again)
    if (at.protocol === "https:" && next.protocol !== "https:")
      throw fail(url, `a redirect to ${next.protocol}//${next.host}, which is not encrypted`, again)
    at = next
  }
}

const download = async ({ url, sha256 }: Pinned, { limit, onBytes }: FetchOptions, signal: AbortSignal) => {
  const idle = new AbortController()
  let timer = setTimeout(() => idle.abort(), patience)
  try {
    const response = await respond(url, AbortSignal.any([signal, idle.signal]))
    if (!response.ok || !response.body) throw fail(url, `the server answered ${response.status}`, again)
    const announced = response.headers.get("content-encoding") ? null : response.headers.get("content-length")
    const total = announced === null ? undefined : Number(announced)
    const tooLarge = (bytes: number) =>
      fail(url, `${bytes} bytes, where ${limit} are the most that are taken`, "Is it a file of weights?")
    if (total !== undefined && total > limit) throw tooLarge(total)
    const hash = createHash("sha256")
    const parts: Array<Uint8Array> = []
    let received = 0
    for await (const part of response.body) {
      clearTimeout(timer)
      timer = setTimeout(() => idle.abort(), patience)
      received += part.length
      if (received > limit) throw tooLarge(received)
      hash.update(part)
      parts.push(part)
      onBytes?.(received, total)
    }
    if (total !== undefined && received !== total) {
      throw fail(url, `cut short: ${received} of ${total} bytes came`, again)
    }
    const found = hash.digest("hex")
    if (!found.startsWith(sha256)) {
      const fault = `SHA-256 is ${found}, where ${sha256}${sha256.length < 64 ? "..." : ""} was asked for`
      throw fail(url, fault, "The file is another one, or was altered on its way: nothing of it is kept.")
    }
    return Buffer.concat(parts)
  } catch (error) {
    if (error instanceof WeightFileError || signal.aborted) throw error
    if (idle.signal.aborted) throw fail(url, `nothing came for ${patience / 1000} s`, again)
    const { message, cause } = error as Error
    throw fail(url, cause instanceof Error ? `${message} (${cause.message})` : message, again)
  } finally {
    clearTimeout(timer)
  }
}

/** The file's bytes, if they have the digest. Nothing is written anywhere. */
export const fetchPinned = (
  pinned: Pinned,
  options: FetchOptions = { limit: sizeLimit }
): Effect.Effect<Uint8Array, WeightFileError> =>
  Effect.tryPromise({
    try: (signal) => download(pinned, options, signal),
    catch: (error) => (error instanceof WeightFileError ? error : fail(pinned.url, String(error), again))
  })

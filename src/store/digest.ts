/** SHA-256 digests, as 64 hexadecimal digits. */
import { createHash } from "node:crypto"
import canonicalize from "canonicalize"

export type Digest = string

export const isDigest = (text: string): boolean => /^[0-9a-f]{64}$/u.test(text)

export const digestOf = (bytes: Uint8Array | string): Digest => createHash("sha256").update(bytes).digest("hex")

/** Canonical JSON (RFC 8785): keys sorted, so equal values have equal bytes whatever the order they were built in. */
export const canonicalJson = (value: unknown): string => {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError("undefined has no JSON form")
  return text
}

export const digestOfJson = (value: unknown): Digest => digestOf(canonicalJson(value))

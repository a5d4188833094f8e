/** Bytes with a JSON header: its length (u32, little endian), the header, the body. */
import * as Schema from "effect/Schema"
import { canonicalJson } from "../../src/store/digest.ts"

export const frame = (header: Schema.Json, body: ReadonlyArray<Uint8Array>): Uint8Array => {
  const text = Buffer.from(canonicalJson(header), "utf8")
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  return Buffer.concat([length, text, ...body])
}

/** The body is a view, not a copy. */
export const unframe = <A, I>(schema: Schema.Codec<A, I>, bytes: Uint8Array): { header: A; body: Uint8Array } => {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = 4 + view.readUInt32LE(0)
  const header = Schema.decodeUnknownSync(schema)(JSON.parse(view.toString("utf8", 4, start)))
  return { header, body: bytes.subarray(start) }
}

import * as Schema from "effect/Schema"
import type { Artifact } from "../../src/dag/artifact.ts"
import { digestOf } from "../../src/store/digest.ts"

/** A folder of files inside the store: what an embedded data set is made of. */
export interface ImageFile {
  readonly path: string
  readonly bytes: Uint8Array
}

const Header = /*#__PURE__*/ Schema.fromJsonString(
  /*#__PURE__*/ Schema.Array(/*#__PURE__*/ Schema.Struct({ path: Schema.String, size: Schema.Int }))
)

/** Length of the header (u32, little endian), the header (JSON: path and size of each file), the files end to end. */
const encode = (files: ReadonlyArray<ImageFile>): Uint8Array => {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1))
  const header = Buffer.from(JSON.stringify(sorted.map(({ path, bytes }) => ({ path, size: bytes.byteLength }))))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(header.length)
  return Buffer.concat([length, header, ...sorted.map(({ bytes }) => bytes)])
}

const decode = (bytes: Uint8Array): ReadonlyArray<ImageFile> => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = 4 + buffer.readUInt32LE(0)
  let offset = start
  return Schema.decodeUnknownSync(Header)(buffer.toString("utf8", 4, start)).map(({ path, size }) => {
    offset += size
    return { path, bytes: bytes.subarray(offset - size, offset) }
  })
}

export const ImageFiles: Artifact<"ImageFiles", ReadonlyArray<ImageFile>> = { name: "ImageFiles", encode, decode }

/** The listing that a folder of the same files would have. */
export const listing = (files: ReadonlyArray<ImageFile>) =>
  files.map(({ path, bytes }) => ({ path, digest: digestOf(bytes), size: bytes.byteLength }))

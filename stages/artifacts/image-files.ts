import * as Schema from "effect/Schema"
import type { Artifact } from "../../src/dag/artifact.ts"
import { digestOf } from "../../src/store/digest.ts"
import { frame, unframe } from "./framed.ts"

export interface ImageFile {
  readonly path: string
  readonly bytes: Uint8Array
}

const Header = /*#__PURE__*/ Schema.Array(
  /*#__PURE__*/ Schema.Struct({ path: Schema.String, size: /*#__PURE__*/ Schema.Int })
)

/** A folder of files inside the store, sorted by path: what an embedded data set is made of. */
export const ImageFiles: Artifact<"ImageFiles", ReadonlyArray<ImageFile>> = {
  name: "ImageFiles",
  encode: (files) => {
    const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1))
    return frame(
      sorted.map(({ path, bytes }) => ({ path, size: bytes.byteLength })),
      sorted.map(({ bytes }) => bytes)
    )
  },
  decode: (bytes) => {
    const { header, body } = unframe(Header, bytes)
    let offset = 0
    return header.map(({ path, size }) => {
      offset += size
      return { path, bytes: body.subarray(offset - size, offset) }
    })
  }
}

/** The listing that a folder of the same files would have. */
export const listing = (files: ReadonlyArray<ImageFile>) =>
  files.map(({ path, bytes }) => ({ path, digest: digestOf(bytes), size: bytes.byteLength }))

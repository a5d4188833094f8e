/** The version in `package.json`. */
import { readFileSync } from "node:fs"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

const Package = Schema.fromJsonString(Schema.Struct({ version: Schema.String }))

export const version = (): string => {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8")
  return Option.getOrThrow(Schema.decodeUnknownOption(Package)(text)).version
}

/** The settings that a schema knows, as a tree of sections and leaves: what `--set` may name. */
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"

export interface Leaf {
  readonly _tag: "Leaf"
  /** Any key may stand below it: a record. */
  readonly open: boolean
  readonly ast: AST.AST
  readonly description: string | undefined
  /** It may be left out. */
  readonly optional: boolean
}
export interface Section {
  readonly _tag: "Section"
  readonly ast: AST.AST
  readonly fields: ReadonlyMap<string, Section | Leaf>
}

/** The one struct among the members of an optional or nullable section. */
const structOf = (ast: AST.AST): AST.Objects | undefined => {
  if (AST.isObjects(ast)) return ast
  if (!AST.isUnion(ast)) return undefined
  const rest = ast.types.filter((type) => !AST.isUndefined(type) && !AST.isNull(type))
  const [only] = rest
  return rest.length === 1 && only !== undefined && AST.isObjects(only) ? only : undefined
}

/** Any key may stand in it, or in a value that it may have. */
const isOpen = (ast: AST.AST): boolean =>
  AST.isUnion(ast) ? ast.types.some(isOpen) : AST.isObjects(ast) && ast.indexSignatures.length > 0

const field = (ast: AST.Objects | undefined, name: string): AST.AST | undefined =>
  ast?.propertySignatures.find((property) => property.name === name)?.type

/** `shown` is the decoded side, which carries the descriptions. */
const treeOf = (ast: AST.AST, shown: AST.AST | undefined): Section | Leaf => {
  const struct = structOf(ast)
  if (struct === undefined || struct.propertySignatures.length === 0) {
    const description = (shown && AST.resolveDescription(shown)) ?? AST.resolveDescription(ast)
    return { _tag: "Leaf", open: isOpen(ast), ast, description, optional: ast.context?.isOptional === true }
  }
  const shownStruct = shown && structOf(shown)
  const fields = new Map<string, Section | Leaf>()
  for (const property of struct.propertySignatures) {
    const name = String(property.name)
    fields.set(name, treeOf(property.type, field(shownStruct, name)))
  }
  return { _tag: "Section", ast: struct, fields }
}

/** The tree of the encoded form, which is what a user writes. */
export const settingsTree = (schema: Schema.Codec<unknown, unknown>): Section | Leaf =>
  treeOf(Schema.toEncoded(schema).ast, schema.ast)

/** Every leaf with its path, in the order of the schema. */
export const leavesOf = (tree: Section | Leaf, path = ""): ReadonlyArray<readonly [string, Leaf]> =>
  tree._tag === "Leaf"
    ? [[path, tree]]
    : [...tree.fields].flatMap(([name, below]) => leavesOf(below, path === "" ? name : `${path}.${name}`))

/** The values that a setting, or an item of its list, may have; empty where they are not written out in the schema. */
export const valuesOf = (ast: AST.AST): ReadonlyArray<string> => {
  if (AST.isLiteral(ast)) return [String(ast.literal)]
  if (AST.isNull(ast)) return ["null"]
  if (AST.isBoolean(ast)) return ["true", "false"]
  if (AST.isArrays(ast)) {
    const [item, ...more] = ast.rest
    return ast.elements.length === 0 && item !== undefined && more.length === 0 ? valuesOf(item) : []
  }
  if (!AST.isUnion(ast)) return []
  const members = ast.types.filter((type) => !AST.isUndefined(type)).map(valuesOf)
  return members.every((values) => values.length > 0) ? members.flat() : []
}

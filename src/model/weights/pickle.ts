/**
 * A reader for the part of Python's pickle format that a PyTorch state dict needs. It builds dictionaries, lists, tuples,
 * numbers and strings; of the functions that a pickle may name only those in `allowed` exist, and they are ours. Nothing
 * of the file is ever run.
 */

/** What a reader makes of a named function's arguments, or of a persistent id. */
export interface PickleHooks {
  readonly allowed: Readonly<Record<string, (args: ReadonlyArray<unknown>) => unknown>>
  /** Names that stand for a value of their own. */
  readonly classes: Readonly<Record<string, unknown>>
  readonly persistent: (id: unknown) => unknown
}

export class PickleError extends Error {}

class Global {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}
const mark = Symbol("mark")

/** Dictionaries come back as Map, tuples and lists as arrays. Throws PickleError. */
export const readPickle = (bytes: Uint8Array, { allowed, classes, persistent }: PickleHooks): unknown => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const stack: Array<unknown> = []
  const memo = new Map<number, unknown>()
  let at = 0
  const pop = (): unknown => {
    if (stack.length === 0) throw new PickleError("the stack is empty")
    return stack.pop()
  }
  const popToMark = (): Array<unknown> => {
    const start = stack.lastIndexOf(mark)
    if (start < 0) throw new PickleError("no mark on the stack")
    const items = stack.splice(start)
    return items.slice(1)
  }
  const text = (length: number): string => {
    const value = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(at, at + length))
    at += length
    return value
  }
  const line = (): string => {
    const end = bytes.indexOf(10, at)
    if (end < 0) throw new PickleError("a line without end")
    const value = text(end - at)
    at++
    return value
  }
  const put = (key: number) => memo.set(key, stack.at(-1))
  const get = (key: number): void => {
    if (!memo.has(key)) throw new PickleError(`nothing remembered as ${key}`)
    stack.push(memo.get(key))
  }
  const setItems = (items: ReadonlyArray<unknown>): void => {
    const target = stack.at(-1)
    if (!(target instanceof Map)) throw new PickleError("items for what is no dictionary")
    for (let i = 0; i + 1 < items.length; i += 2) target.set(items[i], items[i + 1])
  }
  const append = (items: ReadonlyArray<unknown>): void => {
    const target = stack.at(-1)
    if (!Array.isArray(target)) throw new PickleError("items for what is no list")
    for (const item of items) target.push(item)
  }
  const tuple = (length: number) => stack.push(Array.from({ length }, pop).reverse())
  const global = (module: string, name: string): void => {
    const path = `${module}.${name}`
    if (Object.hasOwn(classes, path)) {
      stack.push(classes[path])
      return
    }
    if (!Object.hasOwn(allowed, path)) throw new PickleError(`it asks for ${path}, which no state dict needs`)
    stack.push(new Global(path))
  }
  const reduce = (): void => {
    const args = pop()
    const callee = pop()
    if (!(callee instanceof Global) || !Array.isArray(args)) throw new PickleError("a call of what is no function")
    stack.push(allowed[callee.name]!(args))
  }
  /** A long integer, little-endian two's complement. */
  const long = (length: number): number => {
    let value = 0n
    for (let i = 0; i < length; i++) value |= BigInt(bytes[at + i]!) << BigInt(8 * i)
    at += length
    return Number(BigInt.asIntN(8 * length, value))
  }
  const take = <A>(size: number, read: (at: number) => A): A => {
    const value = read(at)
    at += size
    return value
  }

  const operations: Record<number, () => void> = {
    128: () => take(1, () => undefined), // PROTO
    149: () => take(8, () => undefined), // FRAME
    125: () => stack.push(new Map()), // EMPTY_DICT
    93: () => stack.push([]), // EMPTY_LIST
    41: () => stack.push([]), // EMPTY_TUPLE
    40: () => stack.push(mark), // MARK
    113: () => put(take(1, (p) => view.getUint8(p))), // BINPUT
    114: () => put(take(4, (p) => view.getUint32(p, true))), // LONG_BINPUT
    148: () => put(memo.size), // MEMOIZE
    104: () => get(take(1, (p) => view.getUint8(p))), // BINGET
    106: () => get(take(4, (p) => view.getUint32(p, true))), // LONG_BINGET
    88: () => stack.push(text(take(4, (p) => view.getUint32(p, true)))), // BINUNICODE
    140: () => stack.push(text(take(1, (p) => view.getUint8(p)))), // SHORT_BINUNICODE
    74: () => stack.push(take(4, (p) => view.getInt32(p, true))), // BININT
    75: () => stack.push(take(1, (p) => view.getUint8(p))), // BININT1
    77: () => stack.push(take(2, (p) => view.getUint16(p, true))), // BININT2
    138: () => stack.push(long(take(1, (p) => view.getUint8(p)))), // LONG1
    71: () => stack.push(take(8, (p) => view.getFloat64(p))), // BINFLOAT
    136: () => stack.push(true), // NEWTRUE
    137: () => stack.push(false), // NEWFALSE
    78: () => stack.push(null), // NONE
    133: () => tuple(1), // TUPLE1
    134: () => tuple(2), // TUPLE2
    135: () => tuple(3), // TUPLE3
    116: () => stack.push(popToMark()), // TUPLE
    97: () => append([pop()]), // APPEND
    101: () => append(popToMark()), // APPENDS
    115: () => setItems([pop(), pop()].reverse()), // SETITEM
    117: () => setItems(popToMark()), // SETITEMS
    99: () => global(line(), line()), // GLOBAL
    147: () => global(...([pop(), pop()].reverse().map(String) as [string, string])), // STACK_GLOBAL
    82: reduce, // REDUCE
    98: () => void pop(), // BUILD: attributes of a dictionary, such as _metadata, are left out
    81: () => stack.push(persistent(pop())) // BINPERSID
  }
  for (;;) {
    const code = bytes[at++]
    if (code === undefined) throw new PickleError("it ends without STOP")
    if (code === 46) return pop()
    const operation = operations[code]
    if (!operation) throw new PickleError(`operation ${code} is none that a state dict needs`)
    operation()
  }
}

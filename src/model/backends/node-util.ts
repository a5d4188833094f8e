/** What tfjs-node 4.22 still calls of Node's `util` (isNullOrUndefined, isArray) and Node 23 removed. */
import util from "node:util"

const removed = {
  isArray: Array.isArray,
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  isString: (value: unknown) => typeof value === "string",
  isNumber: (value: unknown) => typeof value === "number",
  isBoolean: (value: unknown) => typeof value === "boolean",
  isObject: (value: unknown) => typeof value === "object" && value !== null,
  isFunction: (value: unknown) => typeof value === "function",
  isUndefined: (value: unknown) => value === undefined
}

/** Puts back what is missing, and leaves what is there. `require("util")` gives the same object. */
export const restoreUtilFunctions = (target: object = util): void => {
  for (const [name, value] of Object.entries(removed)) {
    if (!(name in target)) Object.defineProperty(target, name, { value, configurable: true })
  }
}

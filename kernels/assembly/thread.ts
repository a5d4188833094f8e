/** Which thread this is: every thread has the module's globals for itself. */
let current = 0

export function thread(): i32 {
  return current
}

export function setThread(number: i32): void {
  current = number
}

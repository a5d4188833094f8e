/** The failures of a run as messages: nodes that fail for one reason are told together, with the reason once. */
export interface Failure {
  readonly node: string
  /** "NODE failed: reason" where the stage itself failed. */
  readonly message: string
}

const nodesShown = 3

const named = (nodes: ReadonlyArray<string>): string => {
  const more = nodes.length - nodesShown
  return nodes.slice(0, nodesShown).join(", ") + (more > 0 ? ` and ${more} more` : "")
}

export const failureMessages = (failures: ReadonlyArray<Failure>): ReadonlyArray<string> => {
  const nodesOf = new Map<string, Array<string>>()
  for (const { node, message } of failures) {
    const own = `${node} failed: `
    const [reason, nodes] = message.startsWith(own) ? [` failed: ${message.slice(own.length)}`, [node]] : [message, []]
    nodesOf.set(reason, [...(nodesOf.get(reason) ?? []), ...nodes])
  }
  return [...nodesOf].map(([reason, nodes]) => named(nodes) + reason)
}

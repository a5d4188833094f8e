/** "Did you mean": the nearest of the known names. */

/** Edit distance with insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
export const distance = (a: string, b: string): number => {
  let before: Array<number> = []
  let last = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, substitution)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) row[j] = Math.min(row[j]!, before[j - 2]! + 1)
    }
    before = last
    last = row
  }
  return last[b.length]!
}

/** How far a name may be off and still be meant: one slip in three letters, and at least one. */
const tolerance = (name: string): number => Math.max(1, Math.floor(name.length / 3))

/** The nearest known name, or undefined where none is near. A name that the given one begins is near too. */
export const nearest = (given: string, known: Iterable<string>): string | undefined => {
  const wanted = given.toLowerCase()
  let best: { readonly name: string; readonly distance: number } | undefined
  for (const name of known) {
    const candidate = name.toLowerCase()
    const begins = wanted.length > 2 && candidate.startsWith(wanted)
    const off = begins ? 0.5 : distance(wanted, candidate)
    if (!begins && off > tolerance(candidate)) continue
    if (best === undefined || off < best.distance) best = { name, distance: off }
  }
  return best?.name
}

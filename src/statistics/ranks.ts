/** Ranks with ties. */

/** The indices of `values` in ascending order of value; equal values in order of index. */
export const ascending = (values: ArrayLike<number>): Uint32Array => {
  const order = Uint32Array.from({ length: values.length }, (_, index) => index)
  return order.sort((a, b) => values[a]! - values[b]! || a - b)
}

/** Mid-ranks from 1: tied values share the mean of the ranks that they cover. */
export const midRanks = (values: ArrayLike<number>): Float64Array => {
  const order = ascending(values)
  const ranks = new Float64Array(values.length)
  for (let start = 0; start < order.length; ) {
    let end = start + 1
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++
    for (let at = start; at < end; at++) ranks[order[at]!] = (start + 1 + end) / 2
    start = end
  }
  return ranks
}

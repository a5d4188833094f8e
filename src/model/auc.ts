/** Area under the ROC curve by mid-ranks (Mann-Whitney): ties count half. NaN where a class is missing. */
export const rankAuc = (scores: ArrayLike<number>, labels: ArrayLike<number>): number => {
  const order = Array.from({ length: scores.length }, (_, index) => index).sort((a, b) => scores[a]! - scores[b]!)
  let positives = 0
  let rankSum = 0
  for (let start = 0; start < order.length; ) {
    let end = start
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) end++
    const midRank = (start + end + 1) / 2
    for (let i = start; i < end; i++) {
      if (labels[order[i]!] !== 1) continue
      positives++
      rankSum += midRank
    }
    start = end
  }
  const negatives = order.length - positives
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives)
}

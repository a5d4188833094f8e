/** The level of every interval of a comparison, and the error rate of its tests. */
export const LEVEL = 0.95
export const ALPHA = 0.05

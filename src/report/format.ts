/** Numbers as they are printed: fixed decimals, a true minus sign, no-break spaces. `null` (undefined figure) is a dash. */

export const missing = "–"
const minus = "\u2212"

const finite = (value: number | null | undefined): value is number =>
  value !== null && value !== undefined && Number.isFinite(value)

/** 0.9123 → "0.912"; −0.0001 → "0.000". */
export const fixed = (value: number | null | undefined, digits = 3): string => {
  if (!finite(value)) return missing
  const text = value.toFixed(digits)
  if (/^-0\.?0*$/.test(text)) return text.slice(1)
  return text.replace("-", minus)
}

/** 0.0123 → "+0.012", for differences. */
export const signed = (value: number | null | undefined, digits = 3): string => {
  const text = fixed(value, digits)
  return finite(value) && value > 0 && !/^0\.?0*$/.test(text) ? `+${text}` : text
}

/** Three significant digits for quantities of any size: 0.0412, 0.972, 31.2, 1,040. */
export const significant = (value: number | null | undefined): string => {
  if (!finite(value)) return missing
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)))
  return exponent >= 3 ? count(value) : fixed(value, Math.min(6, 2 - Math.min(exponent, 2)))
}

/** "[0.871, 0.934]". */
export const interval = (low: number | null | undefined, high: number | null | undefined, digits = 3): string =>
  finite(low) && finite(high) ? `[${fixed(low, digits)}, ${fixed(high, digits)}]` : missing

/** "[−0.011, +0.034]", for differences. */
export const signedInterval = (low: number | null | undefined, high: number | null | undefined, digits = 3): string =>
  finite(low) && finite(high) ? `[${signed(low, digits)}, ${signed(high, digits)}]` : missing

/** Three decimals; two digits under .01 would suggest a precision that no test here has. */
export const pValue = (value: number | null | undefined): string =>
  !finite(value) ? missing : value < 0.001 ? "< 0.001" : value.toFixed(3)

/** 0.873 → "87.3 %". */
export const percent = (value: number | null | undefined, digits = 1): string =>
  finite(value) ? `${fixed(value * 100, digits)}\u00a0%` : missing

/** 10015 → "10,015". */
export const count = (value: number | null | undefined): string =>
  finite(value) ? fixed(value, 0).replace(/\B(?=(\d{3})+$)/g, ",") : missing

/** A plural that agrees: "1 seed", "3 seeds". */
export const plural = (amount: number, one: string, many = `${one}s`): string =>
  `${count(amount)}\u00a0${amount === 1 ? one : many}`

/** "a, b and c". */
export const list = (items: ReadonlyArray<string>): string =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`

/** Learning rates and the like: 0.0001 → "1e−4"; 0.001 → "0.001". */
export const scientific = (value: number | null | undefined): string =>
  !finite(value)
    ? missing
    : value !== 0 && Math.abs(value) < 0.001
      ? value.toExponential().replace("-", minus)
      : String(value).replace("-", minus)

/** Figures as people read them. */

/** Seconds: "0.42 s", "12.3 s", "4 min 05 s", "2 h 03 min". */
export const duration = (seconds: number): string => {
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`
  const minutes = Math.round(whole / 60)
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`
}

/** A clock: "0:07", "12:30", "1:02:03". */
export const clock = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds))
  const two = (value: number) => String(value).padStart(2, "0")
  const minutes = Math.floor(whole / 60)
  return minutes < 60
    ? `${minutes}:${two(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`
}

/** Bytes in powers of 1000: "512 B", "1.2 kB", "3.4 GB". */
export const bytes = (count: number): string => {
  if (count < 1000) return `${count} B`
  const units = ["kB", "MB", "GB", "TB"]
  let value = count / 1000
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`
}

/** A count of things a second: "98/s", "0.42/s", or "14/min" where it is slow. */
export const rate = (perSecond: number): string => {
  if (perSecond >= 10) return `${Math.round(perSecond)}/s`
  if (perSecond >= 0.1) return `${perSecond.toPrecision(2)}/s`
  return `${(perSecond * 60).toPrecision(2)}/min`
}

/** A metric: four significant digits, no exponent for everyday sizes. */
export const metric = (value: number): string => {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value)
  const size = Math.abs(value)
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(2) : String(Number(value.toPrecision(4)))
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

export const percent = (part: number): string => `${Math.floor(part * 100)} %`

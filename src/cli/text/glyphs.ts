/** The characters that the live view is drawn with: block and box characters, or ASCII where the locale has no UTF-8. */
export interface Glyphs {
  readonly waiting: string
  readonly good: string
  readonly running: string
  readonly failed: string
  readonly blocked: string
  /** A branch with others below it, the last branch, and the line that passes. */
  readonly branch: string
  readonly last: string
  readonly through: string
  /** What stands for text that is cut off; one column. */
  readonly ellipsis: string
  /** A full column of a bar, an empty one, and what is between: from the least on. */
  readonly full: string
  readonly empty: string
  readonly parts: ReadonlyArray<string>
  /** Levels of a sparkline, the lowest first. */
  readonly levels: ReadonlyArray<string>
}

export const unicode: Glyphs = {
  waiting: "·",
  good: "✓",
  running: "▶",
  failed: "✗",
  blocked: "–",
  branch: "├",
  last: "└",
  through: "│",
  ellipsis: "…",
  full: "█",
  empty: "░",
  parts: ["▏", "▎", "▍", "▌", "▋", "▊", "▉"],
  levels: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
}

export const ascii: Glyphs = {
  waiting: ".",
  good: "+",
  running: ">",
  failed: "x",
  blocked: "-",
  branch: "|",
  last: "`",
  through: "|",
  ellipsis: "~",
  full: "#",
  empty: "-",
  parts: [],
  levels: ["_", ".", "-", "=", "+", "*", "#"]
}

type Environment = Readonly<Record<string, string | undefined>>

/** By the locale, as POSIX orders its variables: LC_ALL, LC_CTYPE, LANG. Windows has none, and terminals that know UTF-8. */
export const glyphsFor = (environment: Environment, platform: string): Glyphs => {
  if (platform === "win32") return unicode
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || ""
  return /utf-?8/iu.test(locale) ? unicode : ascii
}

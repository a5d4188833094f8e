/** The code blocks of a page: files by name, and console sessions. */
export interface Block {
  /** Language and what follows it, as in "ts words/longest.ts". */
  readonly info: string
  readonly text: string
}

export const blocksOf = (page: string): ReadonlyArray<Block> =>
  [...page.matchAll(/^```(?<info>[^\n]+)\n(?<text>[\s\S]*?)^```$/gmu)].map(({ groups }) => ({
    info: groups!.info!,
    text: groups!.text!
  }))

/** "ts words/longest.ts" → the file's text, by its path. */
export const filesOf = (page: string): ReadonlyMap<string, string> =>
  new Map(
    blocksOf(page).flatMap(({ info, text }) => {
      const [, path] = info.split(" ")
      return path === undefined ? [] : [[path, text]]
    })
  )

export interface Command {
  readonly command: string
  /** Lines that must stand in what it prints, in this order, each as the beginning of a line. */
  readonly prints: ReadonlyArray<string>
}

/** The commands of all `console` blocks: a line with `$ ` and the lines below it. */
export const sessionOf = (page: string): ReadonlyArray<Command> =>
  blocksOf(page)
    .filter(({ info }) => info === "console")
    .flatMap(({ text }) =>
      text
        .split(/^\$ /mu)
        .slice(1)
        .map((part) => {
          const [command = "", ...lines] = part.trimEnd().split("\n")
          return { command, prints: lines.filter((line) => line !== "") }
        })
    )

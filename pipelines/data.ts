/** Where the images come from: the user's folders, or, where a pipeline allows it, photographs drawn by the project. */
import { existsSync, readdirSync, statSync } from "node:fs"
import { join, resolve } from "node:path"
import * as Schema from "effect/Schema"
import { type Description, describeBy, SettingError } from "../src/dag/pipeline.ts"
import type { AnyNode, Node } from "../src/dag/stage.ts"
import { briefText } from "../src/dataset/brief-text.ts"
import type { Dataset } from "../stages/artifacts/dataset.ts"
import type { ImageFiles } from "../stages/artifacts/image-files.ts"
import type { Split } from "../stages/artifacts/split.ts"
import { describe } from "../stages/describe.ts"
import { drawLesions } from "../stages/draw-lesions.ts"
import { drawSynthetic } from "../stages/draw-synthetic.ts"
import { ingest } from "../stages/ingest.ts"
import { previewAugmentation } from "../stages/preview-augmentation.ts"
import { split } from "../stages/split.ts"
import type { Settings } from "./settings.ts"
import { transformsOf } from "./transforms.ts"

export interface Data {
  readonly real: Node<typeof Dataset>
  readonly synthetic: Node<typeof Dataset> | undefined
  readonly split: Node<typeof Split>
  /** The embedded files, of the real set and, when asked for, the synthetic one. */
  readonly files: (synthetic: boolean) => Readonly<Record<string, Node<typeof ImageFiles>>>
  /** All nodes above and including these. */
  readonly nodes: ReadonlyArray<AnyNode>
  readonly description: string
  readonly notes: ReadonlyArray<string>
}

const splitParams = ({ split: { by, seed, allow, folds, fold, ...fractions } }: Settings) => ({
  by,
  seed,
  allow,
  fractions,
  // What is not used is not in the key: another fold number then reruns nothing.
  ...(by === "folds" ? { folds, fold } : {})
})

/** Throws SettingError where the split is to be drawn around a generator and there is none whose images are given. */
const splitNode = (settings: Settings, real: Node<typeof Dataset>, given?: Node<typeof Dataset>) => {
  const around = settings.split.by === "generator"
  if (around && given === undefined) {
    throw new SettingError({
      setting: "split.by=generator",
      fault: "data.synthetic, whose generator.json says what the generator saw, is not given",
      mend: "give the GAN's images too: --set data.synthetic=FOLDER; or set split.by to group"
    })
  }
  return split.node({ params: splitParams(settings), inputs: { dataset: real, synthetic: around ? given : undefined } })
}

/** What a named override switches off stands in the report, whether or not anything was let through by it. */
const overrideNotes = ({ split, balance }: Settings): ReadonlyArray<string> => {
  const settings = [
    ["split.allow", split.allow],
    ["balance.allow", balance.allow]
  ] as const
  return settings.flatMap(([name, rules]) =>
    rules.length === 0
      ? []
      : [
          `${name} = ${JSON.stringify(rules)}: refusals were switched off by name. What they guard against may hold here.`
        ]
  )
}

/** The fields that are there, under the names that `ingest` has for them. */
const readingOptions = ({ data }: Settings) => {
  const { layout, table, images, image, label, group, lesion, split, positive, unreadableLimit, missingLimit } = data
  const columns = { image, label, group, lesion, split }
  const named = {
    layout,
    table,
    images,
    unreadableLimit,
    missingLimit,
    positive: positive === undefined ? undefined : [positive]
  }
  return { ...present(named), columns: present(columns) }
}

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> }

const present = <T extends object>(fields: T): Present<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>

/** Whether any file lies below the folder, hidden ones left out; a file is its own. Stops at the first. */
const hasFiles = (path: string): boolean => {
  if (!statSync(path).isDirectory()) return true
  return readdirSync(path, { withFileTypes: true }).some(
    (entry) => !entry.name.startsWith(".") && (!entry.isDirectory() || hasFiles(join(path, entry.name)))
  )
}

/** Said before any work is done. Throws `SettingError`; that a folder is not there is said of every source alike. */
const checkFolders = ({ data }: Settings): void => {
  for (const [setting, folder] of [
    ["data.real", data.real],
    ["data.synthetic", data.synthetic]
  ] as const) {
    if (folder === undefined || !existsSync(folder) || hasFiles(folder)) continue
    const absolute = resolve(folder)
    throw new SettingError({
      setting,
      fault: `no file is in ${folder}${absolute === folder ? "" : ` (${absolute})`}`,
      mend: "give the folder that holds the images and, where there is one, their table"
    })
  }
}

/** Photographs of the user's, with the GAN's images where they are given. */
const given = (settings: Settings, folder: string): Data => {
  checkFolders(settings)
  const { data } = settings
  const real = ingest.node({
    label: "real",
    params: { ...readingOptions(settings), folder },
    inputs: { files: undefined, against: undefined, againstFiles: undefined }
  })
  const synthetic =
    data.synthetic === undefined
      ? undefined
      : ingest.node({
          label: "synthetic",
          params: {
            folder: data.synthetic,
            origin: "synthetic",
            ...(data.syntheticLabel === undefined
              ? {}
              : { declaredLabel: data.syntheticLabel === "benign" ? (0 as const) : (1 as const) })
          },
          inputs: { files: undefined, against: real, againstFiles: undefined }
        })
  const parts = splitNode(settings, real, synthetic)
  return {
    real,
    synthetic,
    split: parts,
    files: () => ({}),
    nodes: [real, ...(synthetic === undefined ? [] : [synthetic]), parts],
    description: "Images from the folders named in the configuration.",
    notes: overrideNotes(settings)
  }
}

/** Everything drawn by the project: to see the whole pipeline work without a download. */
const embedded = (settings: Settings): Data => {
  const { patients, synthetic: count, seed } = settings.embedded
  const source = { patients, seed }
  const drawn = drawLesions.node({ params: source, inputs: {} })
  const real = ingest.node({
    label: "real",
    params: {},
    inputs: { files: drawn, against: undefined, againstFiles: undefined }
  })
  const parts = splitNode(settings, real)
  const imitated = drawSynthetic.node({ params: { seed, count, source }, inputs: { split: parts } })
  const synthetic = ingest.node({
    label: "synthetic",
    params: { origin: "synthetic" },
    inputs: { files: imitated, against: real, againstFiles: drawn }
  })
  return {
    real,
    synthetic,
    split: parts,
    files: (both): Record<string, typeof drawn> => (both ? { real: drawn, synthetic: imitated } : { real: drawn }),
    nodes: [drawn, real, parts, imitated, synthetic],
    description: "Lesion-like pictures drawn by this program, and imitations of them in a worse quality.",
    notes: [
      "The embedded pictures are drawn by code. They show that the pipeline works, and nothing about melanoma.",
      ...overrideNotes(settings)
    ]
  }
}

/**
 * `data.real` decides: with it the user's images, without it the embedded ones. Throws SettingError where something is
 * said of the user's images and they are not given: a verdict on drawn pictures would pass for one on theirs.
 */
export const dataNodes = (settings: Settings): Data => {
  if (settings.data.real !== undefined) return given(settings, settings.data.real)
  const idle = Object.entries(settings.data).find(([, value]) => value !== undefined)
  if (idle === undefined) return embedded(settings)
  throw new SettingError({
    setting: `data.${idle[0]}`,
    fault: "it is given without data.real, and the drawn pictures would be judged in place of yours",
    mend: "give your real images too: --set data.real=FOLDER"
  })
}

const Described = Schema.Struct({ real: Schema.Json, synthetic: Schema.Json })

const brief = (data: Schema.Json): ReadonlyArray<string> => {
  const { real, synthetic } = Schema.decodeUnknownSync(Described)(data)
  return [...briefText("real images", real), ...(synthetic === null ? [] : briefText("synthetic images", synthetic))]
}

/** What the command `data` shows: nothing of it is trained, or needs a split that holds. */
export const description = (settings: Settings, { real, synthetic, files }: Data): Description => {
  const described = describe.node({
    params: { split: splitParams(settings), allow: settings.balance.allow },
    inputs: { real, synthetic, files: files(synthetic !== undefined) }
  })
  const node = previewAugmentation.node({
    params: {
      transforms: transformsOf(settings),
      seed: settings.augment.seed,
      views: settings.augment.views,
      side: settings.resize.side
    },
    inputs: { described, real, files: files(false) }
  })
  return describeBy(node, {
    known: described,
    text: ({ text }) => text,
    brief: ({ data }) => brief(data),
    data: ({ data }) => data,
    files: ({ sheets }) => sheets.map(({ name, png }) => ({ name, content: Buffer.from(png, "base64") }))
  })
}

/**
 * The embedded data set: lesion-like photographs drawn by code, with patients, sizes and a table. Nothing in it is
 * medical; it is there so that the whole pipeline can be seen to work without a download.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import sharp from "sharp"
import type { Label } from "../dataset/dataset.ts"
import { generator } from "../random/generator.ts"
import { classSeparation, drawLesion } from "./lesion.ts"
import { type Pixels, renderLesion } from "./render.ts"
import { drawView } from "./view.ts"

export const LesionSetOptions = Schema.Struct({
  seed: Schema.Int.pipe(Schema.withDecodingDefaultKey(Effect.succeed(1))),
  /** Each has one lesion and 1 to 4 photographs of it, 2.2 on average. */
  patients: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 99_999 })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(220))
  ),
  /** Probability that a patient's lesion is a melanoma. */
  melanoma: Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(0.35))
  ),
  /** Distance of the classes along the hidden trait; the best possible ROC AUC is Φ(separation / √2). */
  separation: Schema.Finite.pipe(Schema.withDecodingDefaultKey(Effect.succeed(classSeparation)))
})
export type LesionSetOptions = typeof LesionSetOptions.Type

export interface File {
  /** Relative to the data folder. */
  readonly path: string
  readonly bytes: Uint8Array
}

/** A photograph that could not be encoded: a fault of the installation, never of the data. */
export class EncodeError extends Schema.TaggedError<EncodeError>()("EncodeError", {
  path: Schema.String,
  fault: Schema.String
}) {
  override get message(): string {
    return `${this.path}: cannot be encoded: ${this.fault}\n  Install sharp again (npm ci).`
  }
}

/** One photograph of the set, before it is drawn. */
export interface Photograph {
  readonly path: string
  readonly person: string
  readonly index: number
  readonly label: Label
}

const sites = ["back", "chest", "abdomen", "upper extremity", "lower extremity", "face", "scalp"]

interface Person {
  readonly name: string
  readonly label: Label
  readonly photographs: number
  readonly age: number
  readonly sex: string
  readonly site: string
}

/** A person as a function of (seed, number): more patients leave the earlier ones as they are. */
const drawPerson = ({ seed, melanoma }: LesionSetOptions, number: number): Person => {
  const name = `P${String(number).padStart(5, "0")}`
  const random = generator("procedural", "person", seed, name)
  const label = random.float() < melanoma ? 1 : 0
  const years = random.normal(label === 1 ? 58 : 47, 14)
  return {
    name,
    label,
    photographs: 1 + [0.3, 0.62, 0.88].filter((at) => at < random.float()).length,
    age: 5 * Math.round(Math.min(90, Math.max(15, years)) / 5),
    sex: random.float() < 0.5 ? "female" : "male",
    site: sites[random.integer(sites.length)]!
  }
}

const personsOf = (options: LesionSetOptions): ReadonlyArray<Person> =>
  Array.from({ length: options.patients }, (_, index) => drawPerson(options, index + 1))

const photographsOf = ({ name, label, photographs }: Person): ReadonlyArray<Photograph> =>
  Array.from({ length: photographs }, (_, index) => ({
    path: `images/${name}-${index + 1}.jpg`,
    person: name,
    index: index + 1,
    label
  }))

/** All photographs of the set, sorted by path. */
export const photographs = (options: LesionSetOptions): ReadonlyArray<Photograph> =>
  personsOf(options).flatMap(photographsOf)

/** The pixels of one photograph. */
export const drawPhotograph = (options: LesionSetOptions, { person, index, label }: Photograph): Pixels =>
  renderLesion(drawLesion(options.seed, person, label, options.separation), drawView(options.seed, person, index))

export const encode = (path: string, { width, height, data }: Pixels): Effect.Effect<File, EncodeError> =>
  Effect.tryPromise({
    try: async () => {
      const image = sharp(data, { raw: { width, height, channels: 3 } })
      const encoded = path.endsWith(".png") ? image.png() : image.jpeg({ quality: 90 })
      return { path, bytes: new Uint8Array(await encoded.toBuffer()) }
    },
    catch: (error) => new EncodeError({ path, fault: String(error) })
  })

/** `labels.csv`: image, patient_id, age (years), sex, site, melanoma (0 or 1). */
const labelsFile = (persons: ReadonlyArray<Person>): File => {
  const lines = persons.flatMap((person) =>
    photographsOf(person).map(({ path }) =>
      [path, person.name, person.age, person.sex, person.site, person.label].join(",")
    )
  )
  const text = `${["image,patient_id,age,sex,site,melanoma", ...lines].join("\n")}\n`
  return { path: "labels.csv", bytes: new TextEncoder().encode(text) }
}

/** The data set as files: JPEG photographs of 159 to 320 pixels a side, and their table. */
export const lesionImages = Effect.fnUntraced(function* (
  options: LesionSetOptions
): Effect.fn.Return<ReadonlyArray<File>, EncodeError> {
  const persons = personsOf(options)
  const files = yield* Effect.forEach(
    persons.flatMap(photographsOf),
    (photograph) => Effect.suspend(() => encode(photograph.path, drawPhotograph(options, photograph))),
    { concurrency: 4 }
  )
  return [...files, labelsFile(persons)]
})

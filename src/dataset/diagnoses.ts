/**
 * Which diagnosis counts as melanoma. This table is the whole rule: a value that is not in it is refused, unless the
 * configuration says which values are positive. What it did to a data set is shown by `Dataset.melanomaRule`.
 *
 * Melanoma in situ, lentigo maligna and melanoma metastasis count (as in ISIC's `MEL` and in derm7pt); other cancers of
 * the skin (basal cell, squamous cell) do not. "malignant" is the positive class where a set knows only two.
 */
import type { Label } from "./dataset.ts"

export interface Diagnosis {
  readonly label: Label
  /** Spellings in lower case, words separated by one space. */
  readonly values: ReadonlyArray<string>
  /** Where these spellings come from. */
  readonly source: string
}

export const diagnoses: ReadonlyArray<Diagnosis> = [
  { label: 1, source: "binary columns and class folders", values: ["1", "true", "yes", "positive", "malignant"] },
  { label: 0, source: "binary columns and class folders", values: ["0", "false", "no", "negative", "benign"] },
  { label: 1, source: "any", values: ["melanoma", "mel", "mm", "malignant melanoma", "melanoma invasive"] },
  {
    label: 0,
    source: "any",
    values: [
      "non melanoma",
      "not melanoma",
      "nonmelanoma",
      "notmelanoma",
      "no melanoma",
      "non mel",
      "nonmel",
      "normal",
      "other",
      "others"
    ]
  },
  { label: 1, source: "ISIC archive", values: ["melanoma in situ", "lentigo maligna", "melanoma metastasis"] },
  {
    label: 1,
    source: "derm7pt",
    values: [
      "melanoma (in situ)",
      "melanoma (less than 0.76 mm)",
      "melanoma (0.76 to 1.5 mm)",
      "melanoma (more than 1.5 mm)"
    ]
  },
  {
    label: 0,
    source: "HAM10000, ISIC 2018 and 2019",
    values: ["nv", "bkl", "bcc", "akiec", "ak", "df", "vasc", "scc", "unk"]
  },
  { label: 0, source: "PAD-UFES-20", values: ["ack", "nev", "sek", "bod"] },
  { label: 0, source: "nevi", values: ["nevus", "nevi", "naevus", "naevi", "melanocytic nevus", "melanocytic nevi"] },
  {
    label: 0,
    source: "derm7pt",
    values: [
      "blue nevus",
      "clark nevus",
      "combined nevus",
      "congenital nevus",
      "dermal nevus",
      "recurrent nevus",
      "reed or spitz nevus",
      "spitz nevus",
      "dysplastic nevus",
      "atypical nevus",
      "melanosis",
      "vascular lesion",
      "miscellaneous"
    ]
  },
  {
    label: 0,
    source: "ISIC archive and SIIM-ISIC 2020",
    values: [
      "actinic keratosis",
      "angiofibroma or fibrous papule",
      "angiokeratoma",
      "angioma",
      "atypical melanocytic proliferation",
      "basal cell carcinoma",
      "benign keratosis",
      "cafe au lait macule",
      "cherry angioma",
      "dermatofibroma",
      "hemangioma",
      "lentigo nos",
      "lentigo simplex",
      "lichenoid keratosis",
      "pigmented benign keratosis",
      "scar",
      "seborrheic keratosis",
      "solar lentigo",
      "squamous cell carcinoma"
    ]
  }
]

const labels = new Map(diagnoses.flatMap(({ label, values }) => values.map((value) => [value, label] as const)))

/** The spelling under which the table knows a value: lower case, `_`, `-` and runs of blanks as one space, `1.0` as `1`. */
export const normaliseDiagnosis = (value: string): string =>
  value
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/gu, " ")
    .replace(/^([01])\.0*$/u, "$1")

/**
 * The label of a diagnosis; undefined where the table does not know it. With `positive`, those values are melanoma and
 * every other one is not.
 */
export const labelOf = (value: string, positive?: ReadonlyArray<string>): Label | undefined => {
  const normal = normaliseDiagnosis(value)
  if (positive === undefined || positive.length === 0) return labels.get(normal)
  return positive.some((one) => normaliseDiagnosis(one) === normal) ? 1 : 0
}

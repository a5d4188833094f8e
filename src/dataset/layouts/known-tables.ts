/** The tables of known data sets, as data: by which columns each is recognised and what its columns mean. */

export interface TableLayout {
  readonly name: string
  /** The columns by which the table is recognised, in any letter case. */
  readonly signature: ReadonlyArray<string>
  readonly image: string
  /** One column with a value, or one 0/1 column a class of which `positive` is melanoma. */
  readonly label:
    | { readonly _tag: "Value"; readonly column: string }
    | { readonly _tag: "OneHot"; readonly positive: string; readonly columns: ReadonlyArray<string> }
  readonly patient?: string
  readonly lesion?: string
  readonly split?: string
  /** Only patients that match are patients (the original project's `ID` column holds other things too). */
  readonly patientPattern?: RegExp
  /** Recognised only with this separator. */
  readonly separator?: string
  /** Rows with one of these values in the column are duplicates by the publisher's own account, and left out. */
  readonly duplicates?: { readonly column: string; readonly values: ReadonlyArray<string> }
}

const value = (column: string) => ({ _tag: "Value", column }) as const

/** In the order in which they are tried. */
export const knownTables: ReadonlyArray<TableLayout> = [
  {
    // Kaggle's train.csv; with `tfrecord` in Deotte's resized copies, where -1 marks duplicates.
    name: "siim-isic-2020",
    signature: ["image_name", "patient_id", "target"],
    image: "image_name",
    label: value("target"),
    patient: "patient_id",
    lesion: "lesion_id",
    duplicates: { column: "tfrecord", values: ["-1"] }
  },
  {
    name: "isic-2019",
    signature: ["image", "MEL", "NV", "BCC", "AK", "BKL", "DF", "VASC", "SCC"],
    image: "image",
    label: { _tag: "OneHot", positive: "MEL", columns: ["MEL", "NV", "BCC", "AK", "BKL", "DF", "VASC", "SCC", "UNK"] },
    lesion: "lesion_id"
  },
  {
    name: "isic-2018",
    signature: ["image", "MEL", "NV", "BCC", "AKIEC", "BKL", "DF", "VASC"],
    image: "image",
    label: { _tag: "OneHot", positive: "MEL", columns: ["MEL", "NV", "BCC", "AKIEC", "BKL", "DF", "VASC"] },
    lesion: "lesion_id"
  },
  {
    name: "ham10000",
    signature: ["lesion_id", "image_id", "dx"],
    image: "image_id",
    label: value("dx"),
    lesion: "lesion_id"
  },
  {
    name: "pad-ufes-20",
    signature: ["patient_id", "lesion_id", "img_id", "diagnostic"],
    image: "img_id",
    label: value("diagnostic"),
    patient: "patient_id",
    lesion: "lesion_id"
  },
  {
    // Each case has a clinical and a dermoscopic photograph: the dermoscopic one is taken.
    name: "derm7pt",
    signature: ["case_num", "diagnosis", "clinic", "derm"],
    image: "derm",
    label: value("diagnosis"),
    patient: "case_num"
  },
  {
    // The project that asked the question first; `ID` is a patient only where it comes from SIIM-ISIC 2020.
    name: "aidl21-sagan",
    signature: ["dcm_name", "target"],
    separator: ";",
    image: "dcm_name",
    label: value("target"),
    patient: "ID",
    patientPattern: /^IP_/u
  }
]

/** Column names that are understood without being configured, the first that is there. */
export const columnSynonyms = {
  image: [
    "image",
    "image_name",
    "image_id",
    "img_id",
    "isic_id",
    "filename",
    "file_name",
    "file",
    "image_path",
    "filepath",
    "path",
    "fname",
    "img",
    "dcm_name"
  ],
  label: [
    "melanoma",
    "target",
    "label",
    "class",
    "malignant",
    "benign_malignant",
    "diagnosis",
    "diagnostic",
    "dx",
    "y"
  ],
  group: ["patient_id", "patient", "subject_id", "subject", "group_id", "group"],
  lesion: ["lesion_id", "lesion"],
  split: ["split", "subset", "partition", "set"]
} as const

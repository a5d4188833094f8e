import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { groups, image, images, labels, read } from "../folder.ts"

const table = (...lines: ReadonlyArray<string>) => `${lines.join("\n")}\n`
const splitsOf = (rows: ReadonlyArray<{ id: string; split?: string }>) =>
  Object.fromEntries(rows.map(({ id, split }) => [id, split]))

describe("SIIM-ISIC 2020", () => {
  const header = "image_name,patient_id,sex,age_approx,anatom_site_general_challenge,diagnosis,benign_malignant,target"
  const files = {
    "train.csv": table(
      header,
      "ISIC_1,IP_1,male,45.0,torso,unknown,benign,0",
      "ISIC_2,IP_1,male,45.0,torso,melanoma,malignant,1",
      "ISIC_3,IP_2,female,,,nevus,benign,0"
    ),
    "test.csv": table("image_name,patient_id,sex", "ISIC_9,IP_9,male"),
    ...images("jpeg/train/ISIC_1.jpg", "jpeg/train/ISIC_2.jpg", "jpeg/train/ISIC_3.jpg", "jpeg/test/ISIC_9.jpg")
  }

  it.effect("is grouped by patient", () =>
    Effect.gen(function* () {
      const dataset = yield* read(files)
      assert.strictEqual(dataset.layout, "siim-isic-2020")
      assert.deepStrictEqual(labels(dataset), {
        "jpeg/train/ISIC_1.jpg": 0,
        "jpeg/train/ISIC_2.jpg": 1,
        "jpeg/train/ISIC_3.jpg": 0
      })
      assert.deepStrictEqual(Object.values(groups(dataset)), ["patient:IP_1", "patient:IP_1", "patient:IP_2"])
    })
  )

  it.effect("drops the second image of every listed pair of duplicates, whose file may be absent", () =>
    Effect.gen(function* () {
      const dataset = yield* read({
        ...files,
        "ISIC_2020_Training_Duplicates.csv": table(
          "image_name_1,image_name_2",
          "ISIC_1,ISIC_3",
          "ISIC_3,ISIC_2",
          "ISIC_0,ISIC_1"
        )
      })
      assert.deepStrictEqual(Object.keys(labels(dataset)), ["jpeg/train/ISIC_1.jpg", "jpeg/train/ISIC_2.jpg"])
      assert.deepStrictEqual(
        dataset.excluded.map(({ path }) => path),
        ["ISIC_3"]
      )
    })
  )

  it.effect("leaves out what the resized copies mark as duplicates", () =>
    Effect.gen(function* () {
      const dataset = yield* read({
        "train.csv": table("image_name,patient_id,target,tfrecord", "a,IP_1,0,3", "b,IP_1,1,-1"),
        ...images("train/a.jpg", "train/b.jpg")
      })
      assert.deepStrictEqual(Object.keys(labels(dataset)), ["train/a.jpg"])
      assert.match(dataset.excluded[0]!.reason, /tfrecord/u)
    })
  )
})

describe("ISIC 2019", () => {
  const files = {
    "ISIC_2019_Training_GroundTruth.csv": table(
      "image,MEL,NV,BCC,AK,BKL,DF,VASC,SCC,UNK",
      "ISIC_1,0.0,1.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0",
      "ISIC_2_downsampled,1.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0",
      "ISIC_3,0.0,0.0,0.0,0.0,0.0,0.0,0.0,1.0,0.0"
    ),
    "ISIC_2019_Training_Metadata.csv": table(
      "image,age_approx,anatom_site_general,lesion_id,sex",
      "ISIC_3,85,,,male",
      "ISIC_1,55,anterior torso,BCN_1,female",
      "ISIC_2_downsampled,30,anterior torso,BCN_1,female"
    ),
    ...images("in/ISIC_1.jpg", "in/ISIC_2_downsampled.jpg", "in/ISIC_3.jpg")
  }
  it.effect("joins the metadata, with the lesions as groups where they are known", () =>
    Effect.gen(function* () {
      const dataset = yield* read(files)
      assert.strictEqual(dataset.layout, "isic-2019")
      assert.deepStrictEqual(Object.values(labels(dataset)), [0, 1, 0])
      assert.deepStrictEqual(Object.values(groups(dataset)), ["lesion:BCN_1", "lesion:BCN_1", "image:in/ISIC_3.jpg"])
      assert.deepStrictEqual(dataset.rows[2]!.metadata, {
        age_approx: 85,
        anatom_site_general: null,
        lesion_id: null,
        sex: "male"
      })
      assert.deepStrictEqual(
        dataset.melanomaRule.map(({ value, label }) => [value, label]),
        [
          ["mel", 1],
          ["nv", 0],
          ["scc", 0]
        ]
      )
    })
  )
  it.effect("says so where the metadata are absent", () =>
    Effect.gen(function* () {
      const { "ISIC_2019_Training_Metadata.csv": _, ...bare } = files
      assert.match((yield* read(bare)).warnings.join(), /one lesion are not held together/u)
    })
  )
  it.effect("refuses a row that is no one-hot code", () =>
    Effect.gen(function* () {
      const truth = files["ISIC_2019_Training_GroundTruth.csv"].replace("ISIC_3,0.0", "ISIC_3,1.0")
      const error = yield* Effect.flip(read({ ...files, "ISIC_2019_Training_GroundTruth.csv": truth }))
      assert.strictEqual(error.reason, "unknown-label")
      assert.match(error.message, /GroundTruth\.csv, line 4/u)
    })
  )
})

describe("ISIC 2018", () => {
  it.effect("takes the lesions from the groupings", () =>
    Effect.gen(function* () {
      const dataset = yield* read({
        "ISIC2018_Task3_Training_GroundTruth.csv": table(
          "image,MEL,NV,BCC,AKIEC,BKL,DF,VASC",
          "ISIC_1,1,0,0,0,0,0,0",
          "ISIC_2,0,0,0,1,0,0,0"
        ),
        "ISIC2018_Task3_Training_LesionGroupings.csv": table(
          "image,lesion_id,diagnosis_confirm_type",
          "ISIC_1,HAM_1,histopathology",
          "ISIC_2,HAM_1,histopathology"
        ),
        ...images("ISIC_1.jpg", "ISIC_2.jpg")
      })
      assert.strictEqual(dataset.layout, "isic-2018")
      assert.deepStrictEqual(labels(dataset), { "ISIC_1.jpg": 1, "ISIC_2.jpg": 0 })
      assert.deepStrictEqual(Object.values(groups(dataset)), ["lesion:HAM_1", "lesion:HAM_1"])
    })
  )
})

describe("HAM10000", () => {
  const metadata = table(
    "lesion_id,image_id,dx,dx_type,age,sex,localization",
    "HAM_1,ISIC_1,bkl,histo,80.0,male,scalp",
    "HAM_1,ISIC_2,mel,histo,80.0,male,scalp"
  )
  it.effect("finds the images in its parts, and in copies of them", () =>
    Effect.gen(function* () {
      const dataset = yield* read({
        "HAM10000_metadata.csv": metadata,
        "HAM10000_images_part_1/ISIC_1.jpg": image("1"),
        "HAM10000_images_part_2/ISIC_2.jpg": image("2"),
        "ham10000_images_part_1/ISIC_1.jpg": image("1"),
        "hmnist_8_8_L.csv": table("pixel0000,label", "1,2"),
        "hmnist_28_28_L.csv": table(`${"pixel,".repeat(784)}label`, "broken")
      })
      assert.strictEqual(dataset.layout, "ham10000")
      assert.deepStrictEqual(labels(dataset), {
        "HAM10000_images_part_1/ISIC_1.jpg": 0,
        "HAM10000_images_part_2/ISIC_2.jpg": 1
      })
      assert.include(dataset.warnings, "hmnist_28_28_L.csv: 785 columns, not read.")
    })
  )
  it.effect("asks which images are meant where copies differ", () =>
    Effect.gen(function* () {
      const files = {
        "HAM10000_metadata.csv": metadata,
        ...images("full/ISIC_1.jpg", "full/ISIC_2.jpg", "small/ISIC_1.jpg", "small/ISIC_2.jpg")
      }
      const error = yield* Effect.flip(read(files))
      assert.strictEqual(error.reason, "ambiguous-image")
      assert.deepStrictEqual(Object.keys(labels(yield* read(files, { images: "small" }))), [
        "small/ISIC_1.jpg",
        "small/ISIC_2.jpg"
      ])
    })
  )
})

describe("PAD-UFES-20", () => {
  it.effect("is grouped by patient", () =>
    Effect.gen(function* () {
      const dataset = yield* read({
        "metadata.csv": table(
          "patient_id,lesion_id,smoke,age,diagnostic,img_id,biopsed",
          "PAT_1,1,False,55,NEV,PAT_1_1_1.png,True",
          "PAT_1,2,False,55,MEL,PAT_1_2_2.png,True"
        ),
        ...images("images/imgs_part_1/PAT_1_1_1.png", "images/imgs_part_2/PAT_1_2_2.png")
      })
      assert.strictEqual(dataset.layout, "pad-ufes-20")
      assert.deepStrictEqual(Object.values(labels(dataset)), [0, 1])
      assert.deepStrictEqual(Object.values(groups(dataset)), ["patient:PAT_1", "patient:PAT_1"])
    })
  )
})

describe("derm7pt", () => {
  const files = {
    "meta/meta.csv": table(
      "case_num,diagnosis,seven_point_score,clinic,derm",
      '1,"melanoma (in situ)",3,NEL/Nel025.jpg,NEL/Nel026.jpg',
      "2,clark nevus,1,NEL/Nel027.jpg,NEL/Nel028.jpg",
      "3,basal cell carcinoma,0,NEL/Nel029.jpg,NEL/Nel030.jpg"
    ),
    "meta/train_indexes.csv": table("indexes", "0"),
    "meta/valid_indexes.csv": table("indexes", "2"),
    "meta/test_indexes.csv": table("indexes", "1"),
    ...images(...[25, 26, 27, 28, 29, 30].map((n) => `images/NEL/Nel0${n}.jpg`))
  }
  it.effect("takes the dermoscopic image of each case, and the declared split", () =>
    Effect.gen(function* () {
      const dataset = yield* read(files)
      assert.strictEqual(dataset.layout, "derm7pt")
      assert.deepStrictEqual(Object.values(labels(dataset)), [1, 0, 0])
      assert.deepStrictEqual(splitsOf(dataset.rows), {
        "images/NEL/Nel026.jpg": "train",
        "images/NEL/Nel028.jpg": "test",
        "images/NEL/Nel030.jpg": "validation"
      })
    })
  )
  it.effect("refuses an index that is no row", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(read({ ...files, "meta/test_indexes.csv": table("indexes", "3") }))
      assert.strictEqual(error.reason, "malformed-companion")
      assert.match(error.message, /test_indexes\.csv, line 2: “3”/u)
    })
  )
})

describe("the original project's table", () => {
  it.effect("takes .jpeg before .png, and patients only where ID is one", () =>
    Effect.gen(function* () {
      const dataset = yield* read({
        "train.csv": "\uFEFFID;dcm_name;age;target\r\nIP_1;ISIC_1;45,5;0\r\nIP_1;ISIC_2;50;1\r\n7f2;ISIC_3;60;1\r\n",
        ...images("ISIC_1.jpeg", "ISIC_1.png", "ISIC_2.png", "ISIC_3.png")
      })
      assert.strictEqual(dataset.layout, "aidl21-sagan")
      assert.deepStrictEqual(labels(dataset), { "ISIC_1.jpeg": 0, "ISIC_2.png": 1, "ISIC_3.png": 1 })
      assert.deepStrictEqual(Object.values(groups(dataset)), ["patient:IP_1", "patient:IP_1", "image:ISIC_3.png"])
      assert.strictEqual(dataset.rows[0]!.metadata.age, 45.5)
    })
  )
})

describe("a synthetic table", () => {
  it.effect("is read as any other, with its rows marked", () =>
    Effect.gen(function* () {
      const files = { "synthetic.csv": table("image,label", "gan/1.png,malignant"), ...images("gan/1.png") }
      const dataset = yield* read(files, { origin: "synthetic" })
      assert.deepStrictEqual([dataset.rows[0]!.origin, dataset.rows[0]!.label], ["synthetic", 1])
    })
  )
})

describe("StyleGAN's dataset.json", () => {
  const files = images("00000/img0.png", "00000/img1.png")
  const json = (labels: unknown) => ({ ...files, "dataset.json": JSON.stringify({ labels }) })

  it.effect("gives the labels", () =>
    Effect.gen(function* () {
      const dataset = yield* read(
        json([
          ["00000/img0.png", 0],
          ["00000/img1.png", 1]
        ]),
        { origin: "synthetic" }
      )
      assert.strictEqual(dataset.layout, "stylegan")
      assert.deepStrictEqual(labels(dataset), { "00000/img0.png": 0, "00000/img1.png": 1 })
    })
  )
  it.effect("with more classes needs to be told which are melanoma", () =>
    Effect.gen(function* () {
      const many = json([
        ["00000/img0.png", 4],
        ["00000/img1.png", 6]
      ])
      assert.strictEqual((yield* Effect.flip(read(many))).reason, "unknown-label")
      assert.deepStrictEqual(Object.values(labels(yield* read(many, { positive: ["4"] }))), [1, 0])
    })
  )
  it.effect("is passed over without labels, and refused where it is something else", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip(read(json(null)))).reason, "unknown-layout")
      assert.strictEqual((yield* Effect.flip(read(json([["../x.png", 1]])))).reason, "path-outside")
      const broken = yield* Effect.flip(read({ ...files, "dataset.json": "{" }))
      assert.strictEqual(broken.reason, "malformed-companion")
    })
  )
})

describe("a known table with columns that its publisher does not have", () => {
  const ham = (header: string, ...rows: ReadonlyArray<string>) => ({
    "HAM10000_metadata.csv": table(`lesion_id,image_id,dx,${header}`, ...rows),
    ...images("a.jpg", "b.jpg", "c.jpg")
  })

  it.effect("declares a split by a column of a usual name, and by a configured one", () =>
    Effect.gen(function* () {
      const usual = yield* read(ham("split", "L1,a,mel,train", "L2,b,nv,val", "L3,c,nv,test"))
      assert.strictEqual(usual.layout, "ham10000")
      const expected = { "a.jpg": "train", "b.jpg": "validation", "c.jpg": "test" }
      assert.deepStrictEqual(splitsOf(usual.rows), expected)
      const named = ham("fold", "L1,a,mel,train", "L2,b,nv,val", "L3,c,nv,test")
      assert.deepStrictEqual(splitsOf((yield* read(named, { columns: { split: "fold" } })).rows), expected)
    })
  )

  it.effect("refuses a split that it does not understand, with the place and the way out", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(read(ham("split", "L1,a,mel,train", "L2,b,nv,7", "L3,c,nv,test")))
      assert.strictEqual(error.reason, "unknown-split")
      assert.match(error.message, /HAM10000_metadata\.csv, line 3, column “split”.*“7”.*rename the column/su)
    })
  )

  it.effect("is grouped by a patient where there is one", () =>
    Effect.gen(function* () {
      const dataset = yield* read(ham("patient_id", "L1,a,mel,P1", "L2,b,nv,P1", "L3,c,nv,"))
      assert.deepStrictEqual(Object.values(groups(dataset)), ["patient:P1", "patient:P1", "lesion:L3"])
    })
  )
})

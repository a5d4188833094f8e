/** Finds a node by the name that a user typed. */
import * as Effect from "effect/Effect"
import type { AnyNode } from "../dag/stage.ts"
import { nearest } from "../dag/suggest.ts"
import { NoSuchNode } from "./errors.ts"
import type { Wired } from "./project.ts"

/** The node, or the error with the nearest name. A stage's name is enough where the stage has one node. */
export const findNode = (
  wired: Pick<Wired, "nodes" | "pipeline">,
  name: string
): Effect.Effect<AnyNode, NoSuchNode> => {
  const exact = wired.nodes.find((node) => node.name === name)
  if (exact !== undefined) return Effect.succeed(exact)
  const ofStage = wired.nodes.filter((node) => node.stage.name === name)
  const [only] = ofStage
  if (ofStage.length === 1 && only !== undefined) return Effect.succeed(only)
  const known = wired.nodes.map((node) => node.name)
  const suggestion = ofStage.length > 1 ? ofStage.map((node) => node.name).join(" or ") : (nearest(name, known) ?? null)
  return Effect.fail(new NoSuchNode({ given: name, pipeline: wired.pipeline.name, known, suggestion }))
}

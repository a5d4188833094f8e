/** The files that nodes read from outside, each folder listed and hashed once a run. */
import { resolve } from "node:path"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { StoreError } from "../store/error.ts"
import { Store } from "../store/store.ts"
import { readTree, type SourceMissing, type Tree } from "../store/tree.ts"
import { memo } from "./memo.ts"
import type { AnyNode } from "./stage.ts"

export type Trees = Readonly<Record<string, Tree>>

export class Sources extends Context.Service<
  Sources,
  {
    /** The node's declared sources. */
    readonly of: (node: AnyNode) => Effect.Effect<Trees, StoreError | SourceMissing>
  }
>()("dermograph/Sources") {
  static readonly layer = Layer.effect(
    Sources,
    Effect.gen(function* () {
      const store = yield* Store
      const once = memo<Tree>()
      const of = Effect.fnUntraced(function* (node: AnyNode) {
        const trees: Record<string, Tree> = {}
        for (const [name, path] of Object.entries(node.stage.sources(node.params))) {
          const absolute = resolve(path)
          trees[name] = yield* once(absolute, readTree(store.root, `${node.name}: ${name}`, path))
        }
        return trees
      })
      return Sources.of({ of })
    })
  )
}

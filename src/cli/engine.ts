/** The services that a plan or a run needs, for one project and one store. */
import * as Layer from "effect/Layer"
import * as CodeIdentity from "../dag/code-identity.ts"
import { type Event, Events } from "../dag/events.ts"
import { Sources } from "../dag/sources.ts"
import { layer as childProcess } from "../executor/child-process.ts"
import { Store } from "../store/store.ts"

/** To look at the store and the nodes: enough for a plan. */
export const planning = (root: string, store: string) =>
  Layer.merge(Sources.layer, CodeIdentity.layer(root)).pipe(Layer.provideMerge(Store.layer(store)))

/** To run stages, each in a process of its own. */
export const running = (root: string, store: string, emit: (event: Event) => void) =>
  Layer.mergeAll(planning(root, store), childProcess, Events.layer(emit))

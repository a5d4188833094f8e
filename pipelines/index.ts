/** What the command line of this project knows: the pipelines by name, what `doctor` asks, what trained networks are for. */
import { models } from "../inference/models.ts"
import { backends } from "./checks.ts"
import { demo } from "./demo.ts"
import { fixture } from "./fixture.ts"
import { frozenLayers } from "./frozen-layers.ts"
import { melanoma } from "./melanoma.ts"

export { models }
export const pipelines = [demo, melanoma, frozenLayers, fixture]
export const checks = [backends]

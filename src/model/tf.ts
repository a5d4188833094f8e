/** TensorFlow.js, imported at this one place: everything else in the room writes `import * as tf from "../tf.ts"`. */
export * from "@tensorflow/tfjs"

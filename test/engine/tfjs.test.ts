import * as tf from "@tensorflow/tfjs";
import { createTfjsEngine } from "../../src/main/engine/tfjs";
import { engineSuite } from "./suite";

engineSuite({
  name: "tfjs (plain JavaScript)",
  createEngine: () => createTfjsEngine("cpu"),
  heavy: false,
  leakCase: "discriminator-first-fresh-noise",
  countTensors: () => tf.memory().numTensors,
});

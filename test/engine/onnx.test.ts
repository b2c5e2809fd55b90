import { createOnnxEngine } from "../../src/main/engine/onnx";
import { engineSuite } from "./suite";

engineSuite({
  name: "onnx",
  createEngine: createOnnxEngine,
  leakCase: "wiseodd-mlp",
});

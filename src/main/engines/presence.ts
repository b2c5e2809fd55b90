/** What rules an engine out at a glance, so that nothing needs to be loaded or tried. */
import { existsSync, readdirSync } from "node:fs";
import { findTensorFlow, missingTensorFlow } from "../engine/tensorflow/place";
import type { EngineId } from "../../shared/settings/settings";

/** One sentence, or null where only a self-test can tell. */
export function whyAbsent(id: EngineId): string | null {
  switch (id) {
    case "onnx":
      return null;
    case "webgpu":
      return hasGraphics() ? null : "No graphics card was found here.";
    case "tfjs":
      return findTensorFlow() ? null : missingTensorFlow();
    default:
      return id satisfies never;
  }
}

/** Linux shows a card as a file; elsewhere there is always one. */
function hasGraphics(): boolean {
  if (process.platform !== "linux") return true;
  const named = process.env.VK_ICD_FILENAMES ?? process.env.VK_DRIVER_FILES;
  return (
    Boolean(named) ||
    ["/dev/nvidia0", "/dev/dxg"].some((file) => existsSync(file)) ||
    (existsSync("/dev/dri") &&
      readdirSync("/dev/dri").some((name) => name.startsWith("render")))
  );
}

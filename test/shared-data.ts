/** Real data that lies beside some checkouts, never in one: `../shared/data` from the project's root. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** The absolute path, or null where it is absent: `test.skipIf(sharedData("mnist") === null)`. */
export function sharedData(
  name: "mnist" | "fashion-mnist" | "tensorboard",
): string | null {
  const path = resolve(import.meta.dirname, "../../shared/data", name);
  return existsSync(path) ? path : null;
}

/** Why a test that wants real data does not run. */
export const noSharedData = "skipped: no ../shared/data";

/** Runs put into a library without training, for tests that look at runs rather than make them. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { createStore } from "../../src/main/runs/store";
import type { RunPlan } from "../export/library";
import { addRun } from "../export/library";

/** Gives their ids, in order. */
export async function makeRuns(
  library: string,
  plans: readonly RunPlan[],
): Promise<string[]> {
  const store = await createStore(library);
  const ids: string[] = [];
  for (const plan of plans) ids.push(await addRun(store, plan));
  await store.close();
  return ids;
}

/** A report of such runs, made by the built command line. */
export async function makeReport(
  library: string,
  plans: readonly RunPlan[],
  path: string,
): Promise<void> {
  const runs = await makeRuns(library, plans);
  const root = join(import.meta.dirname, "../..");
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      "bin/gan-workbench.mjs",
      "export",
      ...runs,
      ...["--format", "html", "--out", path, "--library", library],
    ],
    {
      cwd: root,
      env: { ...process.env, GAN_WORKBENCH_HOME: library },
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(`The report could not be made: ${stderr}`);
}

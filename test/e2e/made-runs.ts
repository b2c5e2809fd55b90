/** Runs put into a library without training, for tests that look at runs rather than make them. */
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
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

/** Goes to them side by side. */
export async function compareRuns(
  page: Page,
  ids: readonly string[],
): Promise<void> {
  // Before that the address still holds the key.
  await page.getByRole("list", { name: "Runs" }).waitFor();
  await page.evaluate((runs) => {
    location.hash = `#/compare/${runs.join(",")}`;
  }, ids);
}

/** A report of such runs, made by the built command line. */
export async function makeReport(
  library: string,
  plans: readonly RunPlan[],
  path: string,
): Promise<void> {
  exportReport(library, await makeRuns(library, plans), path);
}

/** A report of another program's log: columns by name, `step` among them. */
export async function makeLogReport(
  library: string,
  columns: Record<string, ArrayLike<number | string>>,
  path: string,
): Promise<void> {
  const names = Object.keys(columns);
  const rows = Array.from({ length: columns[names[0]].length }, (_, row) =>
    names.map((name) => columns[name][row]).join(","),
  );
  const log = `${path}.csv`;
  await writeFile(log, [names.join(","), ...rows].join("\n"));
  exportReport(library, [importLog(library, log)], path);
}

/** Gives the id of the run that the built command line makes of another program's log. */
export function importLog(library: string, log: string): string {
  return command(["import", log, "--library", library]).trim();
}

function exportReport(
  library: string,
  runs: readonly string[],
  path: string,
): void {
  const to = ["--format", "html", "--out", path, "--library", library];
  command(["export", ...runs, ...to]);
}

/** Runs the built command line and gives what it prints. */
function command(options: readonly string[]): string {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ["bin/gan-workbench.mjs", ...options],
    {
      cwd: join(import.meta.dirname, "../.."),
      env: { ...process.env, GAN_WORKBENCH_HOME: tmpdir() },
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(`${options[0]} failed: ${stderr}`);
  return stdout;
}

/**
 * `npm run calibrate-doctor -- --seeds 1,2,3,4,5 --minutes 180`: trains runs with known faults and healthy ones, and prints
 * how often the doctor names the fault. What is finished in the library is not trained again, so it can be stopped at any
 * time. Seed 100 is that of the recorded
 * curves in the tests; test on others.
 */
import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { diagnoseRun } from "../src/main/host/doctor";
import { createStore } from "../src/main/runs/store";
import { findingIds, isFault } from "../src/shared/doctor/finding";
import type { FindingId } from "../src/shared/doctor/finding";
import { faults } from "./doctor/faults";
import { casesOf, trainCase } from "./doctor/train";
import type { Case } from "./doctor/train";

interface Judged extends Case {
  verdict: FindingId;
  found: FindingId[];
  line: string;
}

void main();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      library: { type: "string", default: "calibration" },
      seeds: { type: "string", default: "1,2,3,4,5" },
      minutes: { type: "string", default: "180" },
      only: { type: "string" },
    },
  });
  const library = resolve(values.library);
  process.env.GAN_WORKBENCH_HOME ??= library;
  await mkdir(library, { recursive: true });
  const only = values.only?.split(",");
  const chosen = faults.filter(({ name }) => !only || only.includes(name));
  const cases = casesOf(chosen, values.seeds.split(",").map(Number));
  const until = Date.now() + Number(values.minutes) * 60_000;
  const judged: Judged[] = [];
  for (const one of cases) {
    if (Date.now() > until) break;
    await trainCase(one, library);
    const found = await judge(one, library);
    judged.push(found);
    console.log(`${one.id}: ${found.line}`);
  }
  const left = cases.length - judged.length;
  if (left > 0)
    console.log(`${left} runs are left; the same command trains them.`);
  print(judged);
  process.exit(0);
}

async function judge(one: Case, library: string): Promise<Judged> {
  const store = await createStore(library, { make: false });
  const { verdict, findings } = await diagnoseRun(store, one.id);
  await store.close();
  return {
    ...one,
    verdict,
    found: findings.map(({ id }) => id),
    line: `${findings.map(({ id }) => id).join(", ")}: ${findings[0].evidence[0]}`,
  };
}

/** The confusion table in Markdown: a row a fault and strength, a column a verdict, and the share that was found. */
function print(judged: readonly Judged[]): void {
  const rows = new Map<string, Judged[]>();
  for (const one of judged) {
    const key = `${one.fault.name} ${"I".repeat(one.strength + 1)}`;
    rows.set(key, [...(rows.get(key) ?? []), one]);
  }
  const used = findingIds.filter((id) =>
    judged.some(({ verdict }) => verdict === id),
  );
  console.log(`\n| made | ${used.join(" | ")} | named |`);
  console.log(`| --- |${" --- |".repeat(used.length + 1)}`);
  for (const [name, runs] of rows) {
    const counts = used.map((id) =>
      String(runs.filter(({ verdict }) => verdict === id).length),
    );
    const named = runs.filter(isRight).length;
    console.log(
      `| ${name} | ${counts.join(" | ")} | ${named} of ${runs.length} |`,
    );
  }
}

/** A fault is named among the findings; of a healthy run nothing is. */
function isRight({ fault, found }: Judged): boolean {
  const isHealthy = fault.expected.every((id) => !isFault(id));
  return isHealthy
    ? !found.some(isFault)
    : fault.expected.some((id) => found.includes(id));
}

/**
 * `npm run doctor-reports [-- --minutes N]`: rebuilds failing runs of public reports, takes the fork that the doctor offers, and
 * writes what came of it into docs/doctor.md. What is in `test/fixtures/doctor/reports.jsonl` is not trained again.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { forkCheckpoint } from "../src/main/trainer/fork";
import { diagnose } from "../src/shared/doctor/diagnose";
import { findingTitles, trialOf } from "../src/shared/doctor/finding";
import type { FindingId } from "../src/shared/doctor/finding";
import { Recorded } from "../src/shared/doctor/recorded";
import type { RecordedRun } from "../src/shared/doctor/recorded";
import { outcomeOf } from "../src/shared/doctor/trial";
import { formatValue } from "../src/shared/format-value";
import { withChanges } from "../src/shared/settings/change";
import { borderedStrokes } from "./doctor/bordered";
import { reports, settingsOfReport } from "./doctor/reports";
import type { Report } from "./doctor/reports";
import { Trainer } from "./doctor/train";

interface Result {
  id: string;
  verdict: FindingId;
  line: string;
  advice: string;
  changes: string;
  /** Of the fork, and of the parent at the same step: value and interval. */
  kid: { fork: number[] | null; parent: number[] | null };
  outcome: string;
}

const { values: options } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    folder: { type: "string", default: "calibration" },
  },
});
const file = resolve(
  import.meta.dirname,
  "../test/fixtures/doctor/reports.jsonl",
);
const folder = resolve(options.folder);
const until = Date.now() + Number(options.minutes) * 60_000;
const results = new Map<string, Result>();
if (existsSync(file))
  for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
    const result = JSON.parse(line) as Result;
    results.set(result.id, result);
  }

await mkdir(folder, { recursive: true });
const trainer = new Trainer(folder);
for (const report of reports) {
  if (results.has(report.id) || Date.now() > until) continue;
  const result = await rebuild(report);
  appendFileSync(file, `${JSON.stringify(result)}\n`);
  results.set(report.id, result);
  console.log(JSON.stringify(result, null, 1));
}
await writeTable();
process.exit(0);

async function rebuild(report: Report): Promise<Result> {
  const source = report.bordered
    ? await borderedStrokes(settingsOfReport(report, "strokes").data, folder)
    : "strokes";
  const settings = settingsOfReport(report, source);
  const parent = await trainer.train(report.id, settings, null);
  const { verdict, findings } = diagnose(parent.run);
  const [finding] = findings;
  const { fork } = finding;
  const result = {
    id: report.id,
    verdict,
    line: finding.evidence[0],
    advice: finding.advice,
    changes: fork ? JSON.stringify(fork.changes).slice(0, 120) : "none",
    kid: { fork: null, parent: null },
    outcome: "",
  };
  const saved = parent.saved.find(
    ({ position }) => position.step === fork?.step,
  );
  if (!fork) return { ...result, outcome: "no fork" };
  const { expects } = trialOf(finding);
  const more = Math.max(expects?.within ?? 0, report.steps - fork.step, 400);
  const changed = withChanges(settings, [
    ...Object.entries(fork.changes),
    ["schedule.length", { unit: "steps", count: fork.step + more }],
  ]);
  // Without one it begins as the run did.
  const from = saved ? forkCheckpoint(saved, settings, changed) : null;
  const child = await trainer.train(`${report.id}-fork`, changed, from);
  const trial = { ...trialOf(finding), outcome: null };
  const outcome = outcomeOf(
    trial,
    fork.step,
    watched(child.run, expects?.metric),
    {
      ...watched(parent.run, expects?.metric),
      role: "parent",
    },
  );
  return {
    ...result,
    kid: { fork: lastKid(child.run), parent: lastKid(parent.run) },
    outcome: outcome.line,
  };
}

function watched(run: RecordedRun, metric = "") {
  const points = new Recorded(run).points(metric) ?? { steps: [], values: [] };
  const { state, progress } = run.record;
  const diverged = state === "diverged";
  return { points, last: progress.step, isActive: false, diverged };
}

function lastKid(run: RecordedRun): number[] | null {
  const last = new Recorded(run).measured("kid").at(-1);
  return last ? [last.value, last.low, last.high] : null;
}

async function writeTable(): Promise<void> {
  const page = resolve(import.meta.dirname, "../docs/doctor.md");
  const rows = reports.flatMap(({ id, words, right }) => {
    const result = results.get(id);
    if (!result) return [];
    const { verdict, changes, kid, outcome } = result;
    const isRight = right.includes(verdict) ? "" : " (wrong)";
    // A network is named, not written out.
    const change =
      changes.length < 100 ? changes : /^\{"([^"]+)"/.exec(changes)?.[1];
    const number = (one: number[] | null) => (one ? formatValue(one[0]) : "–");
    return [
      `| ${words} | ${findingTitles[verdict]}${isRight} | \`${change}\` | ${number(kid.parent)} | ${number(kid.fork)} | ${outcome} |`,
    ];
  });
  const table = [
    "| report | verdict | the fork's one difference | KID of the run | KID of the fork | what was said of it |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
  const text = await readFile(page, "utf8");
  await writeFile(
    page,
    text.replace(
      /<!-- reports -->[\s\S]*<!-- \/reports -->/,
      () => `<!-- reports -->\n\n${table}\n\n<!-- /reports -->`,
    ),
  );
}

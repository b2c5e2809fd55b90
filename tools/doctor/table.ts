/** What the doctor says of the calibration runs, beside what was made and how good they became: the confusion table. */
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { diagnoseRecorded } from "../../src/shared/doctor/diagnose";
import { findingIds, isFault } from "../../src/shared/doctor/finding";
import type { FindingId } from "../../src/shared/doctor/finding";
import type { Recorded } from "../../src/shared/doctor/recorded";
import type { Case } from "./faults";
import { recordedOf } from "./records";
import type { Line } from "./records";

export interface Judged extends Case {
  verdict: FindingId;
  found: FindingId[];
  line: string;
  /** By its measurements alone: nearer to real images at the end than at first. */
  improved: boolean;
}

const page = resolve(import.meta.dirname, "../../docs/doctor.md");

export function judged(one: Case, records: ReadonlyMap<string, Line>): Judged {
  const line = records.get(one.id);
  if (!line) throw new Error(`${one.id} was not trained.`);
  const run = recordedOf(one, line);
  const { verdict, findings } = diagnoseRecorded(run);
  return {
    ...one,
    verdict,
    found: findings.map(({ id }) => id),
    line: findings[0].evidence[0],
    improved: hasImproved(run),
  };
}

/**
 * From the first measured step to the last KID falls to half, beyond its intervals, and samples cover a fifth of what real
 * images do: no measure that the doctor goes by.
 */
function hasImproved(run: Recorded): boolean {
  const kid = run.measured("kid");
  const last = kid.at(-1);
  const variety = run.measured("coverage").at(-1);
  if (!last || !variety) return false;
  const isNearer = last.high < kid[0].low && last.value < kid[0].value / 2;
  return isNearer && variety.value > variety.real / 5;
}

export const isSound = ({ fault }: Case) => fault.expected.length === 0;

/** By construction, and by what was measured: others may have failed for all that their settings say. */
export function isHealthy(one: Judged): boolean {
  return isSound(one) && one.improved;
}

/** A fault is named among the findings; of a sound run none is. */
export function isRight({ fault, found }: Judged): boolean {
  return fault.expected.length === 0
    ? !found.some(isFault)
    : fault.expected.some((id) => found.includes(id));
}

export function printTable(found: readonly Judged[]): void {
  console.log(tableOf(found).join("\n"));
  for (const one of found)
    if (!isRight(one) && (!isSound(one) || one.improved))
      console.log(`Not as made: ${one.id}: ${one.verdict}: ${one.line}`);
}

/** Between the marks of docs/doctor.md. */
export async function writeTable(found: readonly Judged[]): Promise<void> {
  const text = await readFile(page, "utf8");
  const table = `<!-- table -->\n\n${tableOf(found).join("\n")}\n\n<!-- /table -->`;
  await writeFile(
    page,
    text.replace(/<!-- table -->[\s\S]*<!-- \/table -->/, () => table),
  );
}

/** In Markdown: a row a fault and strength, a column a verdict, and how many were named. */
function tableOf(found: readonly Judged[]): string[] {
  const used = findingIds.filter((id) =>
    found.some(({ verdict }) => verdict === id),
  );
  const rows = new Map<string, Judged[]>();
  for (const one of found) {
    const { fault, strength } = one;
    const name = isSound(one)
      ? `sound: ${fault.name}`
      : `${fault.name}, ${["mild", "middle", "strong"][strength]}`;
    rows.set(name, [...(rows.get(name) ?? []), one]);
  }
  const lines = [...rows].map(([name, runs]) => {
    const counts = used.map(
      (id) => runs.filter(({ verdict }) => verdict === id).length || "",
    );
    const improved = runs.filter((one) => one.improved).length;
    const judged = isSound(runs[0]) ? runs.filter(isHealthy) : runs;
    const right = judged.filter(isRight).length;
    return [name, ...counts, improved, `${right} of ${judged.length}`];
  });
  const head = ["made", ...used, "KID halved", "judged rightly"];
  return [head, head.map(() => "---"), ...lines].map(
    (cells) => `| ${cells.join(" | ")} |`,
  );
}

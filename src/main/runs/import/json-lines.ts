/** One JSON object a line: StyleGAN's `stats.jsonl`, whose values are `{num, mean, std}`, and anything like it. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { z } from "zod";
import { RunError } from "../run-error";
import { refuseBeyond } from "./limits";
import type { Table } from "./table";

const objectSchema = z.record(z.string(), z.unknown());
const statSchema = z.object({ mean: z.unknown() });

/** Rejects with a RunError that names the file. */
export async function importJsonLines(path: string): Promise<Table> {
  const lines = (await readFile(path, "utf8")).split("\n");
  const objects: Record<string, number>[] = [];
  let bad = 0;
  lines.forEach((line, index) => {
    if (line.trim() === "") return;
    const numbers = parseLine(line);
    if (numbers) objects.push(numbers);
    // The last line may be half-written by a training that still goes on.
    else if (index < lines.length - 1) bad++;
  });
  if (objects.length === 0)
    throw new RunError(`${basename(path)} holds no line of JSON with numbers.`);
  const columns = [...new Set(objects.flatMap((row) => Object.keys(row)))];
  refuseBeyond(basename(path), {
    metrics: columns.length,
    values: columns.length * objects.length,
  });
  return {
    columns,
    rows: objects.map((row) => columns.map((column) => row[column] ?? null)),
    warnings:
      bad > 0 ? [`${bad} lines are not JSON objects and were left out.`] : [],
  };
}

function parseLine(line: string): Record<string, number> | null {
  try {
    const parsed = objectSchema.safeParse(JSON.parse(notNumbers(line)));
    if (!parsed.success) return null;
    const numbers: Record<string, number> = {};
    flatten(parsed.data, "", numbers);
    return numbers;
  } catch {
    return null;
  }
}

/** Python writes NaN and Infinity, which JSON does not know; strings stand in for them. */
function notNumbers(line: string): string {
  return line.replace(/([:[,]\s*)(-?Infinity|NaN)(?=\s*[,\]}])/g, '$1"$2"');
}

function flatten(
  value: unknown,
  name: string,
  numbers: Record<string, number>,
): void {
  const stat = statSchema.safeParse(value);
  const number = toNumber(stat.success ? stat.data.mean : value);
  if (number !== null) {
    if (name !== "") numbers[name] = number;
    return;
  }
  const inner = objectSchema.safeParse(value);
  if (!inner.success) return;
  for (const [key, part] of Object.entries(inner.data))
    flatten(part, name === "" ? key : `${name}/${key}`, numbers);
}

function toNumber(value: unknown): number | null {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^(-?Infinity|NaN)$/.test(value)
    ? Number(value)
    : null;
}

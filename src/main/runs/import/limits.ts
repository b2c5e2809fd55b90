/** How much an imported file may hold, so that no file takes more than moments and some hundred megabytes. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { RunError } from "../run-error";

const most = {
  /** Tags or columns. */
  metrics: 1000,
  rows: 1_000_000,
  /** Rows times metrics. */
  values: 2_000_000,
  /** Of a text, whose cells are words before they are numbers. */
  cells: 800_000,
  textBytes: 64 * 2 ** 20,
  pictures: 100_000,
};

const words = {
  metrics: "metrics",
  rows: "rows",
  values: "values",
  cells: "values of a text",
  pictures: "pictures",
};

/** Throws a RunError with all the limits where a file is beyond one. */
export function refuseBeyond(
  name: string,
  has: Partial<Record<keyof typeof words, number>>,
): void {
  for (const key of Object.keys(words) as (keyof typeof words)[])
    if ((has[key] ?? 0) > most[key])
      throw refusal(name, `more than ${count(most[key])} ${words[key]}`);
}

interface TextForm {
  /** The characters between its cells. */
  separators: string;
  /** Whether a line is a row, and each of its cells a metric. */
  hasRows: boolean;
}

/** Looks through a text file once before it is read as a whole. Rejects with a RunError. */
export async function refuseLargeText(
  path: string,
  name: string,
  { separators, hasRows }: TextForm,
): Promise<void> {
  const { size } = await stat(path);
  if (size > most.textBytes)
    throw refusal(name, `more than ${most.textBytes / 2 ** 20} MiB of text`);
  const isSeparator = new Uint8Array(256);
  for (const character of separators) isSeparator[character.charCodeAt(0)] = 1;
  const seen = { rows: 0, cells: 0, metrics: 0 };
  let cells = 1;
  for await (const bytes of createReadStream(path) as AsyncIterable<Buffer>) {
    for (const byte of bytes) {
      if (isSeparator[byte] === 1) cells++;
      else if (byte === newline) {
        seen.rows++;
        seen.cells += cells;
        seen.metrics = Math.max(seen.metrics, cells);
        cells = 1;
      }
    }
    seen.metrics = Math.max(seen.metrics, cells);
    const all = { ...seen, cells: seen.cells + cells };
    refuseBeyond(name, hasRows ? all : { rows: all.rows, cells: all.cells });
  }
}

const newline = 0x0a;

function refusal(name: string, why: string): RunError {
  return new RunError(
    `${name} holds ${why}, and an import takes at most ${count(most.metrics)} metrics, ${count(most.rows)} rows, ${count(most.values)} values (${count(most.cells)} of a text), ${count(most.pictures)} pictures and ${most.textBytes / 2 ** 20} MiB of text; split it, or leave some of it out.`,
  );
}

function count(number: number): string {
  return number.toLocaleString("en");
}

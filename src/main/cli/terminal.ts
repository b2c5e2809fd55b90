/** Where the command line writes; tests give their own. */
export interface Terminal {
  out: Stream;
  error: Stream;
  /** Asks a person for a yes; null where there is nobody to ask. */
  ask: ((question: string) => Promise<boolean>) | null;
  /** Aborted when nobody reads what is written any more. */
  abandoned?: AbortSignal;
}

interface Stream {
  write(text: string): unknown;
  /** Whether a person is watching. */
  isTTY?: boolean;
  columns?: number;
}

export function printLine({ out }: Terminal, line: string): void {
  out.write(`${line}\n`);
}

export function printJson(terminal: Terminal, value: unknown): void {
  printLine(terminal, JSON.stringify(value));
}

/** Names come from other people's files, and a terminal obeys control characters. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu, " ");
}

/** Columns as wide as their widest cell; the first row is the heading. */
export function printTable(terminal: Terminal, cells: string[][]): void {
  const rows = cells.map((row) => row.map(oneLine));
  const widths = rows[0].map((_, column) =>
    Math.max(...rows.map((row) => row[column].length)),
  );
  for (const row of rows)
    printLine(
      terminal,
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    );
}

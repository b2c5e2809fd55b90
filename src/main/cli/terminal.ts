/** Where the command line writes; tests give their own. */
export interface Terminal {
  out: Stream;
  error: Stream;
  /** Asks a person for a yes; null where there is nobody to ask. */
  ask: ((question: string) => Promise<boolean>) | null;
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

/** Columns as wide as their widest cell; the first row is the heading. */
export function printTable(terminal: Terminal, rows: string[][]): void {
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

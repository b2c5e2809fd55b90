/** Measured values as a file that a difference shows line by line: a value a line, numbers to six digits. */
export function jsonLines(values: readonly unknown[]): string {
  const lines = values.map((value) => JSON.stringify(value, rounded));
  return `[\n${lines.join(",\n")}\n]\n`;
}

function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(6)) : value;
}

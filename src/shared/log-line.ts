/**
 * The lines that tutorials print, from templates in Python's format: `{name}`, `{name:.4f}`, `{name:3d}`, `{{`.
 * Integers print as integers; a bare float prints as NumPy prints a float32, the shortest digits that read back.
 */

/** Everything a line can name. Counts that start at zero, as the tutorials' own loops do, end in `Index`. */
export const logNames = [
  "epoch",
  "epochIndex",
  "epochs",
  "step",
  "steps",
  "iteration",
  "stepInEpoch",
  "batchIndex",
  "stepsPerEpoch",
  "dLoss",
  "gLoss",
  "dReal",
  "dFake",
  "dFakeAfter",
] as const;
export type LogName = (typeof logNames)[number];

const floats: ReadonlySet<LogName> = new Set([
  "dLoss",
  "gLoss",
  "dReal",
  "dFake",
  "dFakeAfter",
] as const);

const token = /\{\{|\}\}|\{(\w+)(?::([^{}]*))?\}|[{}]/g;
/** [0][width][.precision][type], the part of Python's format that log lines use. */
const format = /^(0?)(\d{0,3})(?:\.(\d{1,2}))?([dfeg%]?)$/;

/** One line. A template that `checkTemplate` refuses leaves its mistakes in the line as they are. */
export function formatLogLine(
  template: string,
  values: Record<LogName, number>,
): string {
  return template.replace(
    token,
    (whole: string, name: string | undefined, spec: string | undefined) => {
      if (whole === "{{" || whole === "}}") return whole[0];
      if (!isLogName(name)) return whole;
      return formatValue(values[name], floats.has(name), spec ?? "") ?? whole;
    },
  );
}

/** What is wrong with a template, in one sentence; null where it is fine. */
export function checkTemplate(template: string): string | null {
  for (const [whole, name, spec] of template.matchAll(token)) {
    if (whole === "{{" || whole === "}}") continue;
    if (name === undefined)
      return `The log line has a single ${whole}; write ${whole}${whole} for the character itself.`;
    if (!isLogName(name))
      return `The log line names ${name}, which does not exist; the names are ${logNames.join(", ")}.`;
    if (formatValue(1, floats.has(name), spec ?? "") === null)
      return `The log line formats ${name} as "${spec}", which is not a number format; write something like .4f.`;
  }
  return null;
}

/** The shortest decimal that reads back as the same float32, written as Python would: `1.3862944`, `1e-05`, `nan`. */
export function formatFloat32(value: number): string {
  if (!Number.isFinite(value)) return pythonSpecial(value);
  const single = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = single.toPrecision(digits);
    if (Math.fround(Number(text)) === single) return pythonNumber(Number(text));
  }
  return pythonNumber(Number(single.toPrecision(9)));
}

function formatValue(
  value: number,
  isFloat: boolean,
  spec: string,
): string | null {
  if (spec === "") return isFloat ? formatFloat32(value) : String(value);
  const match = format.exec(spec);
  if (!match) return null;
  const [, zero, width, precision, type] = match;
  const digits = precision === undefined ? 6 : Number(precision);
  if (type === "d" && (isFloat || precision !== undefined)) return null;
  const text = formatAs(type || (isFloat ? "f" : "d"), value, digits);
  return text.padStart(
    Number(width),
    zero && Number.isFinite(value) ? "0" : " ",
  );
}

function formatAs(type: string, value: number, digits: number): string {
  if (type === "d") return String(value);
  if (!Number.isFinite(value)) return pythonSpecial(value);
  switch (type) {
    case "e":
      return pythonExponent(value.toExponential(digits));
    case "g":
      return pythonNumber(Number(value.toPrecision(Math.max(1, digits))));
    case "%":
      return `${(value * 100).toFixed(digits)}%`;
    default:
      return value.toFixed(digits);
  }
}

function pythonNumber(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e16))
    return pythonExponent(value.toExponential());
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** Python writes at least two digits of an exponent. */
function pythonExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

function pythonSpecial(value: number): string {
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

function isLogName(name: string | undefined): name is LogName {
  return (logNames as readonly (string | undefined)[]).includes(name);
}

/** The command line that trains a run again: its preset, and every setting that differs from it. */
import { findPreset } from "./presets";
import type { TrainingSettings } from "./settings";

/** For a POSIX shell; one line per option. An unknown preset is named all the same, with every setting given. */
export function reproduceCommand(settings: TrainingSettings): string {
  const preset = findPreset(settings.preset);
  const options = [
    "gan-workbench train",
    `--preset ${quote(settings.preset)}`,
    `--seed ${settings.seed}`,
  ];
  const base = { ...preset?.settings, seed: settings.seed };
  for (const [path, value] of changes(settings, base))
    options.push(`--set ${quote(`${path}=${JSON.stringify(value)}`)}`);
  return options.join(" \\\n  ");
}

/** The smallest parts that differ: where two objects have the same keys, only the keys whose values differ. */
function* changes(
  wanted: unknown,
  base: unknown,
  path = "",
): Generator<[string, unknown]> {
  if (JSON.stringify(wanted) === JSON.stringify(base)) return;
  if (
    !isObject(wanted) ||
    !isObject(base) ||
    (path && !sameKeys(wanted, base))
  ) {
    yield [path, wanted];
    return;
  }
  for (const key of Object.keys(wanted))
    yield* changes(wanted[key], base[key], path ? `${path}.${key}` : key);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sameKeys(a: object, b: object): boolean {
  return (
    JSON.stringify(Object.keys(a).sort()) ===
    JSON.stringify(Object.keys(b).sort())
  );
}

/** As it is where no shell minds, else in single quotes. */
function quote(text: string): string {
  return /^[\w.=,:/@%+-]+$/.test(text)
    ? text
    : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Settings of several runs as the rows of a table, and which of the rows differ. */
import type { Layer } from "../layers";
import { formatShape, kindOf } from "../layers";
import { dependsOnSeed } from "./data";
import type { Network } from "./network";
import type { RunRecord } from "../run";
import type { TrainingSettings } from "./settings";
import { settingsSchema } from "./settings";

export interface SettingRow {
  /** `optimizers.generator.learningRate`. */
  path: string;
  /** `optimizers · generator · learning rate`. */
  label: string;
  /** One per run; null where the run has no such setting. */
  values: (string | null)[];
  differs: boolean;
}

/** One row a setting that any of the runs has, in the order of the settings. A run without settings gives nulls. */
export function settingRows(
  runs: readonly (TrainingSettings | null)[],
): SettingRow[] {
  const flat = runs.map((settings) =>
    settings ? flatten(settings) : new Map<string, string>(),
  );
  return [...unionOfKeys(flat)].map((path) => {
    const values = flat.map((one) => one.get(path) ?? null);
    return {
      path,
      label: labelOfSetting(path),
      values,
      differs: new Set(values).size > 1,
    };
  });
}

/** The environment of each run in the same form. */
export function environmentRows(runs: readonly RunRecord[]): SettingRow[] {
  const flat = runs.map((run) => {
    const rows = new Map<string, string>();
    walk({ data: run.data, ...run.environment }, "", rows);
    return rows;
  });
  return [...unionOfKeys(flat)].map((path) => {
    const values = flat.map((one) => one.get(path) ?? null);
    return {
      path,
      label: labelOfSetting(path),
      values,
      differs: new Set(values).size > 1,
    };
  });
}

/**
 * Indices of the runs that are the same but for their seed, in the order in which they first appear. A run without
 * settings, or on other data, is alone.
 */
export function seedGroups(
  runs: readonly Pick<RunRecord, "settings" | "data">[],
): number[][] {
  const groups = new Map<string, number[]>();
  runs.forEach((run, index) => {
    const key = run.settings
      ? JSON.stringify([sorted({ ...run.settings, seed: 0 }), imagesOf(run)])
      : `alone ${index}`;
    groups.set(key, [...(groups.get(key) ?? []), index]);
  });
  return [...groups.values()];
}

/** Which images a run saw; nothing where they follow from its settings and its seed. */
function imagesOf({
  settings,
  data,
}: Pick<RunRecord, "settings" | "data">): string {
  return settings && dependsOnSeed(settings.data) ? "" : (data?.hash ?? "");
}

/** `Linear 256, ReLU, Linear 784, Tanh`: a network in one line. */
function describeNetwork(network: Network): string {
  return `${formatShape(network.input)} → ${network.layers.map(describe).join(", ")}`;
}

function describe(layer: Layer): string {
  const { title, summary } = kindOf(layer.type);
  return [title, summary(layer)].filter(Boolean).join(" ");
}

/** In the order of the schema, whatever the order in the record; a network is one line. */
function flatten(settings: TrainingSettings): Map<string, string> {
  const rows = new Map<string, string>();
  for (const key of settingsSchema.keyof().options) {
    if (key === "generator" || key === "discriminator") {
      const { initializers } = settings[key];
      walk(
        { network: describeNetwork(settings[key]), initializers },
        key,
        rows,
      );
    } else walk(settings[key], key, rows);
  }
  return rows;
}

function walk(value: unknown, path: string, rows: Map<string, string>): void {
  if (isPlainObject(value)) {
    for (const [key, inner] of Object.entries(value))
      walk(inner, path ? `${path}.${key}` : key, rows);
    return;
  }
  rows.set(path, textOf(value));
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value))
    return value
      .map((item) =>
        isPlainObject(item) ? Object.values(item).join(" ") : textOf(item),
      )
      .join("; ");
  return String(value);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unionOfKeys(maps: readonly Map<string, string>[]): Set<string> {
  return new Set(maps.flatMap((map) => [...map.keys()]));
}

/** `memory (GiB)`: a unit at the end of a key keeps its letters. */
export function labelOfSetting(path: string): string {
  return path
    .split(".")
    .map((key) => {
      const [, word, unit] = /^(.*?)(GiB)?$/.exec(key) ?? [];
      const words = word.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
      return unit ? `${words} (${unit})` : words;
    })
    .join(" · ");
}

/** The same value with its keys in order, so that equal settings give equal JSON. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

/** Settings of several runs as the rows of a table, and which of the rows differ. */
import { isOneSetting, settingInWords, wordsAt } from "./words";
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
  /** `G learning rate`: the words of the form. */
  label: string;
  /** One per run; null where the run has no such setting. */
  values: (string | null)[];
  differs: boolean;
}

/** One row a setting that any of the runs has, in the order of the settings. A run without settings gives nulls. */
export function settingRows(
  runs: readonly (TrainingSettings | null)[],
): SettingRow[] {
  return rowsOf(
    runs.map((settings) => (settings ? settingValues(settings) : new Map())),
  );
}

/** The images and the environment of each run in the same form. */
export function environmentRows(
  runs: readonly Pick<RunRecord, "data" | "environment">[],
): SettingRow[] {
  return rowsOf(
    runs.map((run) => {
      const values: Values = new Map();
      walk({ images: run.data, ...run.environment }, "", values);
      return values;
    }),
  );
}

/** What one run has at each path. */
type Values = Map<string, unknown>;

function rowsOf(runs: readonly Values[]): SettingRow[] {
  const paths = new Set(runs.flatMap((run) => [...run.keys()]));
  return [...paths].map((path) => {
    const values = runs.map((run) =>
      run.has(path) ? settingInWords(path, run.get(path)) : null,
    );
    const differs = new Set(values).size > 1;
    return { path, label: wordsAt(path).label, values, differs };
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

/**
 * One setting by its path: a number or a switch as it is, a list as text, a network (`generator.network`) as one line;
 * null where there is none.
 */
export function settingValue(
  settings: TrainingSettings,
  path: string,
): string | number | boolean | null {
  if (path === "generator.network") return describeNetwork(settings.generator);
  if (path === "discriminator.network")
    return describeNetwork(settings.discriminator);
  let part: unknown = settings;
  for (const key of path.split(".")) {
    if (typeof part !== "object" || part === null || !Object.hasOwn(part, key))
      return null;
    part = (part as Record<string, unknown>)[key];
  }
  if (part === undefined || (isPlainObject(part) && !isOneSetting(path)))
    return null;
  return plainValue(path, part);
}

/** As a filter finds it: a number, a switch and a choice as they are in the file, anything else in words. */
export function plainValue(
  path: string,
  value: unknown,
): string | number | boolean | null {
  switch (typeof value) {
    case "number":
    case "boolean":
    case "string":
      return value;
    default:
      return value === null ? null : settingInWords(path, value);
  }
}

/** In the order of the schema, whatever the order in the record; a network is one line. */
export function settingValues(settings: TrainingSettings): Values {
  const values: Values = new Map();
  for (const key of settingsSchema.keyof().options) {
    if (key === "generator" || key === "discriminator") {
      const { initializers } = settings[key];
      const network = describeNetwork(settings[key]);
      walk({ network, initializers }, key, values);
    } else walk(settings[key], key, values);
  }
  return values;
}

function walk(value: unknown, path: string, values: Values): void {
  if (!isPlainObject(value) || isOneSetting(path)) values.set(path, value);
  else
    for (const [key, inner] of Object.entries(value))
      walk(inner, path ? `${path}.${key}` : key, values);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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

/** Changing one setting by its name: a path into the settings, or one of a few short names. */
import { nearest } from "../nearest";
import { checkSettings } from "./check";
import { explain } from "./explain";
import { withImages } from "./fit-networks";
import { settingsSchema } from "./settings";
import type { TrainingSettings } from "./settings";

/** What people say, and what it changes. */
const shortNames = new Map([
  [
    "learningRate",
    [
      "optimizers.generator.learningRate",
      "optimizers.discriminator.learningRate",
    ],
  ],
  ["learningRateG", ["optimizers.generator.learningRate"]],
  ["learningRateD", ["optimizers.discriminator.learningRate"]],
  ["batchSize", ["schedule.batchSize"]],
  ["loss", ["objective.loss"]],
  ["threads", ["engine.threads"]],
  ["dataset", ["data.source"]],
]);

/** A change that makes no sense, in one sentence. */
export class SettingError extends Error {
  override name = "SettingError";
}

export type SettingChange = readonly [key: string, value: unknown];

/** The paths that a name stands for. */
export function pathsOfKey(key: string): readonly string[] {
  return shortNames.get(key) ?? [key];
}

/** A copy with every change made. Throws a SettingError that names the key, or what is wrong with a value. */
export function withChanges(
  settings: TrainingSettings,
  changes: readonly SettingChange[],
): TrainingSettings {
  const changed: unknown = JSON.parse(JSON.stringify(settings));
  for (const [key, value] of changes)
    for (const path of pathsOfKey(key))
      if (!assign(changed, path.split("."), value))
        throw new SettingError(unknownKey(key, settings));
  const checked = settingsSchema.safeParse(changed);
  if (!checked.success) throw new SettingError(`${explain(checked.error)}.`);
  return checked.data;
}

/** What a setting is by its name; undefined where there is none of that name. */
export function valueOf(settings: TrainingSettings, key: string): unknown {
  let part: unknown = settings;
  for (const name of pathsOfKey(key)[0].split("."))
    part = isObject(part) && Object.hasOwn(part, name) ? part[name] : undefined;
  return part;
}

/** With networks that fit images of another size or colour than before, unless the settings fit as they are. */
export function fittedTo(
  { data: before }: TrainingSettings,
  settings: TrainingSettings,
): TrainingSettings {
  const { size, channels } = settings.data;
  const isSame = size === before.size && channels === before.channels;
  return isSame || checkSettings(settings).length === 0
    ? settings
    : withImages(settings, { size, channels });
}

/** False where there is no such place. */
function assign(
  target: unknown,
  [name, ...rest]: readonly string[],
  value: unknown,
): boolean {
  if (!isObject(target) || !Object.hasOwn(target, name)) return false;
  if (rest.length > 0) return assign(target[name], rest, value);
  target[name] = value;
  return true;
}

function unknownKey(key: string, settings: TrainingSettings): string {
  const meant = nearest(key, [...shortNames.keys(), ...pathsOf(settings)]);
  const advice = meant
    ? `did you mean ${meant}?`
    : `the short names are ${[...shortNames.keys()].join(", ")}, and any path such as schedule.lastBatch works.`;
  return `There is no setting ${key}; ${advice}`;
}

/** `data`, `data.size` and so on. */
function pathsOf(value: unknown, prefix = ""): string[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    prefix + name,
    ...pathsOf(inner, `${prefix}${name}.`),
  ]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

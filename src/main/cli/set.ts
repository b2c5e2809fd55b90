/** Changing settings by `key=value`: a path into them, or one of a few short names. */
import { explain } from "../../shared/settings/explain";
import { settingsSchema } from "../../shared/settings/settings";
import type { TrainingSettings } from "../../shared/settings/settings";
import { CommandFailure } from "./failure";
import { nearest } from "./nearest";

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
]);

/** A copy with every `key=value` applied. Throws a CommandFailure that names the key. */
export function applySets(
  settings: TrainingSettings,
  sets: readonly string[],
): TrainingSettings {
  const changed: unknown = structuredClone(settings);
  for (const text of sets) {
    const split = text.indexOf("=");
    if (split < 1)
      throw new CommandFailure(`--set needs key=value, not ${text}.`, 2);
    const key = text.slice(0, split);
    const value = parseValue(text.slice(split + 1));
    for (const path of shortNames.get(key) ?? [key])
      if (!assign(changed, path.split("."), value))
        throw new CommandFailure(unknownKey(key, settings), 2);
  }
  const checked = settingsSchema.safeParse(changed);
  if (!checked.success)
    throw new CommandFailure(`--set: ${explain(checked.error)}.`, 2);
  return checked.data;
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

/** JSON where it is JSON, else the text itself. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

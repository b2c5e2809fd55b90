/** Changing settings by `key=value`: a path into them, or one of a few short names. */
import { explain } from "../../shared/rpc";
import { settingsSchema } from "../../shared/settings";
import type { TrainingSettings } from "../../shared/settings";
import { CommandFailure } from "./failure";

/** What people say, and what it changes. */
const shortNames: Record<string, string[]> = {
  learningRate: [
    "optimizers.generator.learningRate",
    "optimizers.discriminator.learningRate",
  ],
  learningRateG: ["optimizers.generator.learningRate"],
  learningRateD: ["optimizers.discriminator.learningRate"],
  batchSize: ["schedule.batchSize"],
  loss: ["objective.loss"],
  threads: ["engine.threads"],
};

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
    for (const path of shortNames[key] ?? [key])
      assign(changed, path.split("."), value, key);
  }
  const checked = settingsSchema.safeParse(changed);
  if (!checked.success)
    throw new CommandFailure(`--set ${explain(checked.error)}`, 2);
  return checked.data;
}

function assign(
  target: unknown,
  path: readonly string[],
  value: unknown,
  key: string,
): void {
  const [name, ...rest] = path;
  if (
    typeof target !== "object" ||
    target === null ||
    !Object.hasOwn(target, name)
  )
    throw new CommandFailure(
      `There is no setting ${key}; the short names are ${Object.keys(shortNames).join(", ")}, and any path such as schedule.lastBatch works.`,
      2,
    );
  const owner = target as Record<string, unknown>;
  if (rest.length === 0) owner[name] = value;
  else assign(owner[name], rest, value, key);
}

/** JSON where it is JSON, else the text itself. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

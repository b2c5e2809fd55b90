/** Settings of another preset with what was changed of the one shown, so that variants of presets differ in nothing else. */
import { SettingError, withChanges } from "../../shared/settings/change";
import { checkSettings } from "../../shared/settings/check";
import { fittedTo } from "../../shared/settings/change";
import type { TrainingSettings } from "../../shared/settings/settings";

/** The data set is always the one that is shown: runs on other images cannot be compared. Networks are the preset's own. */
export function withDifferences(
  preset: TrainingSettings,
  base: TrainingSettings,
  settings: TrainingSettings,
): TrainingSettings {
  const source = ["data.source", settings.data.source] as const;
  const changed = differences(base, settings).filter(
    ([path]) => !/^(generator|discriminator|preset)\b/.test(path),
  );
  return [source, ...changed].reduce((before, change) => {
    try {
      const after = fittedTo(before, withChanges(before, [change]));
      return checkSettings(after).length === 0 ? after : before;
    } catch (error) {
      // What another optimiser or loss does not have.
      if (error instanceof SettingError) return before;
      throw error;
    }
  }, preset);
}

/** Each value that differs, by its path; where one has no such place, the whole of what holds it. */
function differences(
  before: unknown,
  after: unknown,
  path = "",
): [path: string, value: unknown][] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!isPlain(before) || !isPlain(after)) return [[path, after]];
  const keys = Object.keys(after);
  if (keys.some((key) => !Object.hasOwn(before, key))) return [[path, after]];
  return keys.flatMap((key) =>
    differences(before[key], after[key], path ? `${path}.${key}` : key),
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

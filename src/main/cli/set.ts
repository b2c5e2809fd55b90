/** `--set key=value`: what is written there, as changes of the settings. */
import { SettingError, withChanges } from "../../shared/settings/change";
import type { SettingChange } from "../../shared/settings/change";
import type { TrainingSettings } from "../../shared/settings/settings";
import { CommandFailure } from "./failure";

/** A copy with every `key=value` applied. Throws a CommandFailure that names the key. */
export function applySets(
  settings: TrainingSettings,
  sets: readonly string[],
): TrainingSettings {
  const changes = sets.map(parseSet);
  try {
    return withChanges(settings, changes);
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    const { message } = error;
    // A sentence about a value begins with its path.
    const text = message.startsWith("There is no")
      ? message
      : `--set: ${message}`;
    throw new CommandFailure(text, 2);
  }
}

function parseSet(text: string): SettingChange {
  const split = text.indexOf("=");
  if (split < 1)
    throw new CommandFailure(`--set needs key=value, not ${text}.`, 2);
  return [text.slice(0, split), parseValue(text.slice(split + 1))];
}

/** JSON where it is JSON, else the text itself. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A setting named by its path, `objective.generatorEvery`: how one field of the form reads and changes it. */
import type { TrainingSettings } from "../../shared/settings/settings";

/** The settings that one field each can change. Networks, optimisers and the line of the log have editors of their own. */
type Plain = Pick<
  TrainingSettings,
  | "data"
  | "objective"
  | "improvements"
  | "schedule"
  | "sampling"
  | "log"
  | "checkpoints"
  | "engine"
  | "seed"
>;

/** Every path to a value of a type: nothing else compiles. */
export type SettingPath<V = string | number | boolean | null> = Leaves<
  Plain,
  V
>;
export type NumberPath = SettingPath<number | null>;
export type ChoicePath = SettingPath<string | boolean>;

type Leaves<T, V> = {
  [K in keyof T & string]: T[K] extends V
    ? K
    : T[K] extends readonly unknown[]
      ? never
      : T[K] extends object
        ? `${K}.${Leaves<T[K], V>}`
        : never;
}[keyof T & string];

/** The type of the setting at a path. */
export type ValueAt<P, T = Plain> = P extends `${infer K}.${infer Rest}`
  ? K extends keyof T
    ? ValueAt<Rest, T[K]>
    : never
  : P extends keyof T
    ? T[P]
    : never;

export function settingAt<P extends SettingPath>(
  settings: TrainingSettings,
  path: P,
): ValueAt<P> {
  return path
    .split(".")
    .reduce<unknown>(
      (part, key) => (part as Record<string, unknown>)[key],
      settings,
    ) as ValueAt<P>;
}

export function withSetting<P extends SettingPath>(
  settings: TrainingSettings,
  path: P,
  value: ValueAt<P>,
): TrainingSettings {
  return replaced(settings, path.split("."), value);
}

function replaced<T>(whole: T, [key, ...rest]: string[], value: unknown): T {
  const part = (whole as Record<string, unknown>)[key];
  return {
    ...whole,
    [key]: rest.length === 0 ? value : replaced(part, rest, value),
  };
}

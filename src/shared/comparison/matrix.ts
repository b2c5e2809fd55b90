/** Settings that vary between configurations as axes, and which configuration stands in which cell. */
import type { TrainingSettings } from "../settings/settings";
import { settingRows, settingValues } from "../settings/differences";
import type { SettingRow } from "../settings/differences";

export interface VariedSetting {
  /** `optimizers.generator.learningRate`. */
  path: string;
  /** `G learning rate`, with what varies along with it. */
  label: string;
  /** In words, each once: numbers ascending, others in the order in which they appear. */
  values: string[];
  /** Of each configuration: which of the values it has. */
  of: number[];
}

export interface Matrix {
  across: VariedSetting;
  /** Null where one setting varies: then there is one row. */
  down: VariedSetting | null;
  /** `[row][column]`: the configuration there; null where no run has these values. */
  cells: (number | null)[][];
  /** What else varies, and so is held at one value of it. */
  held: { setting: VariedSetting; value: number }[];
}

/** What somebody chose; the rest is chosen for him. */
export interface MatrixChoice {
  /** Paths. */
  across: string | null;
  down: string | null;
  /** By path, or the end of it, the value in words at which it is held. */
  held: Readonly<Record<string, string>>;
}

/** The settings that are not the same in all configurations, the seed aside; those that vary together are one. */
export function variedSettings(
  settings: readonly (TrainingSettings | null)[],
): VariedSetting[] {
  const rows = settingRows(settings).filter(
    ({ differs, path }) => differs && path !== "seed",
  );
  const groups = new Map<string, SettingRow[]>();
  for (const row of rows) {
    const key = patternOf(row.values);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((alike) => variedOf(alike, settings));
}

/** Null where nothing varies. A path that does not vary is as one that was not chosen. */
export function matrixOf(
  varied: readonly VariedSetting[],
  choice: MatrixChoice,
): Matrix | null {
  const find = (path: string | null) =>
    varied.find((one) => isNamed(one, path)) ?? null;
  const [first, second] = bestAxes(
    varied,
    find(choice.across),
    find(choice.down),
  );
  if (!first) return null;
  const axes = second ? [first, second] : [first];
  const others = varied.filter((one) => !axes.includes(one));
  const held = heldValues(others, axes, choice.held);
  const isHeld = (configuration: number) =>
    held.every(({ setting, value }) => setting.of[configuration] === value);
  const cells = (second?.values ?? [""]).map((_, row) =>
    first.values.map((_, column) => {
      const at = first.of.findIndex(
        (value, configuration) =>
          value === column &&
          (!second || second.of[configuration] === row) &&
          isHeld(configuration),
      );
      return at < 0 ? null : at;
    }),
  );
  return { across: first, down: second, cells, held };
}

/** By its path, or the end of it: `batchSize`. */
export function isNamed({ path }: VariedSetting, name: string | null): boolean {
  return path === name || path.endsWith(`.${name}`);
}

/** Where a value stands among a setting's; a number however it is written. -1 where it has no such value. */
export function indexOfValue({ values }: VariedSetting, text: string): number {
  const at = values.indexOf(text);
  if (at >= 0 || text.trim() === "") return at;
  return values.findIndex((value) => Number(value) === Number(text));
}

/** `0,0,1`: which configurations share a value. */
function patternOf(values: readonly (string | null)[]): string {
  const known = [...new Set(values)];
  return values.map((value) => known.indexOf(value)).join();
}

/** A preset names all that comes with it. */
function variedOf(
  alike: readonly SettingRow[],
  settings: readonly (TrainingSettings | null)[],
): VariedSetting {
  const row = alike.find(({ path }) => path === "preset") ?? alike[0];
  const words = row.values.map((value) => value ?? "none");
  const raw = settings.map((one) =>
    one ? settingValues(one).get(row.path) : null,
  );
  const values = [...new Set(words)];
  const number = (text: string) => raw[words.indexOf(text)];
  if (values.every((text) => typeof number(text) === "number"))
    values.sort((a, b) => Number(number(a)) - Number(number(b)));
  const others = alike.length - 1;
  const isAlone = others === 0 || row.path === "preset";
  const label = isAlone
    ? row.label
    : others === 1
      ? `${row.label}, ${alike.find((one) => one !== row)?.label ?? ""}`
      : `${row.label} and ${others} more`;
  const of = words.map((text) => values.indexOf(text));
  return { path: row.path, label, values, of };
}

/** What is not chosen is the pair with the fewest cells among those that put the fewest configurations into one. */
function bestAxes(
  varied: readonly VariedSetting[],
  across: VariedSetting | null,
  down: VariedSetting | null,
): [VariedSetting | null, VariedSetting | null] {
  if (across && (down || varied.length === 1))
    return [across, down === across ? null : down];
  let best: [VariedSetting | null, VariedSetting | null] = [
    across ?? varied.at(0) ?? null,
    null,
  ];
  let least = Infinity;
  for (const x of across ? [across] : varied)
    for (const y of down ? [down] : varied) {
      if (x === y) continue;
      const cost =
        crowd(x, y) * 1e6 +
        x.values.length * y.values.length +
        // Wide rather than tall, and in the order of the settings.
        (x.values.length < y.values.length ? 0.5 : 0);
      if (cost >= least) continue;
      least = cost;
      best = [x, y];
    }
  return best;
}

/** The most configurations in one cell. */
function crowd(x: VariedSetting, y: VariedSetting): number {
  const counts = new Map<string, number>();
  x.of.forEach((column, configuration) => {
    const key = `${column} ${y.of[configuration]}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  });
  return Math.max(...counts.values());
}

/** Only of what still varies within a cell; otherwise the axes say it. */
function heldValues(
  others: readonly VariedSetting[],
  axes: readonly VariedSetting[],
  wanted: MatrixChoice["held"],
): Matrix["held"] {
  return others
    .filter((setting) => variesInCell(setting, axes))
    .map((setting) => {
      const named = Object.keys(wanted).find((name) => isNamed(setting, name));
      const value =
        named === undefined ? -1 : indexOfValue(setting, wanted[named]);
      return { setting, value: value < 0 ? setting.of[0] : value };
    });
}

function variesInCell(
  setting: VariedSetting,
  axes: readonly VariedSetting[],
): boolean {
  const seen = new Map<string, number>();
  return setting.of.some((value, configuration) => {
    const cell = axes.map((axis) => axis.of[configuration]).join();
    const known = seen.get(cell);
    seen.set(cell, value);
    return known !== undefined && known !== value;
  });
}

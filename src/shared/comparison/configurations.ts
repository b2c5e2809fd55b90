/**
 * Runs as configurations: those that differ only in their seed are one, with every seed a run of it. What is compared
 * are configurations; what is trained and counted are seeds.
 */
import { colorsOf } from "../curves/colors";
import type { RunRecord } from "../run";
import { seedGroups, settingRows } from "../settings/differences";

export interface Configuration {
  /** What its runs' names have in common. */
  name: string;
  /** Their indices among the compared runs. */
  runs: number[];
}

export type Comparable = Pick<RunRecord, "name" | "settings" | "data">;

/** At most so many stand side by side; a color and a place on the screen is all that each has. */
export const maxConfigurations = 8;

/** In the order in which they first appear. */
export function configurationsOf(
  records: readonly Comparable[],
): Configuration[] {
  const groups = groupsOf(records);
  const names = groups.map((group) =>
    commonName(group.map((index) => records[index].name)),
  );
  return groups.map((runs, index) => ({
    name: isTwice(names, index)
      ? withSettings(
          names[index],
          groups.map(([first]) => records[first]),
          index,
        )
      : names[index],
    runs,
  }));
}

/** Each run by itself, in the same form. */
export function eachAlone(records: readonly Comparable[]): Configuration[] {
  return records.map(({ name }, index) => ({ name, runs: [index] }));
}

/** Of each run: seeds of one configuration share its color. */
export function colorsByRun(
  records: readonly Pick<RunRecord, "color">[],
  configurations: readonly Configuration[],
): string[] {
  const own = colorsOf(configurations.map(({ runs }) => records[runs[0]]));
  return records.map(
    (_, run) => own[configurations.findIndex(({ runs }) => runs.includes(run))],
  );
}

/** Whether seeds are what is compared: some configuration has more than one. */
export function hasSeeds(
  configurations: readonly { runs: readonly unknown[] }[],
): boolean {
  return configurations.some(({ runs }) => runs.length > 1);
}

/** The indices of the runs of the first eight configurations, in their order, and how many runs are left out. */
export function firstConfigurations(records: readonly Comparable[]): {
  kept: number[];
  left: number;
} {
  const kept = groupsOf(records).slice(0, maxConfigurations).flat();
  return {
    kept: kept.sort((a, b) => a - b),
    left: records.length - kept.length,
  };
}

/** A second run of the same seed, such as a fork, is no further seed: it begins another configuration. */
function groupsOf(records: readonly Comparable[]): number[][] {
  return seedGroups(records).flatMap((group) => {
    const parts: number[][] = [];
    for (const index of group) {
      const seed = seedOf(records[index]);
      const part = parts.find((own) =>
        own.every((other) => seedOf(records[other]) !== seed),
      );
      if (part) part.push(index);
      else parts.push([index]);
    }
    return parts;
  });
}

function seedOf({ settings }: Comparable): number | null {
  return settings?.seed ?? null;
}

/** `learningRate 1e-4` of `learningRate 1e-4 · seed 1` and `· seed 2`; of names with nothing in common the first. */
function commonName(names: readonly string[]): string {
  const [first] = names;
  if (names.length === 1) return first;
  const bare = names.map((name) =>
    name.replace(/[\s·,;:()–-]*\bseed\W*\d+\W*$/i, ""),
  );
  if (bare[0] !== "" && bare.every((name) => name === bare[0])) return bare[0];
  let length = 0;
  while (
    length < first.length &&
    names.every((name) => name[length] === first[length])
  )
    length++;
  const common = first.slice(0, length).replace(/[\s·,;:(–-]+(seed\W*)?$/i, "");
  return common.length >= 3 ? common : first;
}

function isTwice(names: readonly string[], index: number): boolean {
  return names.some((name, other) => other !== index && name === names[index]);
}

/** Behind a name that another configuration has too: what differs, at most two settings of it. */
function withSettings(
  name: string,
  records: readonly Comparable[],
  index: number,
): string {
  const alike = records.filter((one) => one.name === records[index].name);
  const rows = settingRows(
    (alike.length > 1 ? alike : records).map(({ settings }) => settings),
  );
  const at = (alike.length > 1 ? alike : records).indexOf(records[index]);
  const told = rows
    .filter(({ differs, path }) => differs && path !== "seed")
    .slice(0, 2)
    .map(({ label, values }) => `${label} ${values[at] ?? "none"}`);
  return [name, told.join(", ")].filter(Boolean).join(" · ");
}

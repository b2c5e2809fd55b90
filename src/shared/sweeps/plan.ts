/** From settings that vary to the configurations and entries of a manifest. Pure: nothing is started or written. */
import { Random } from "../random";
import {
  fittedTo,
  SettingError,
  valueOf,
  withChanges,
} from "../settings/change";
import { checkSettings } from "../settings/check";
import { findPreset } from "../settings/presets";
import type { TrainingSettings } from "../settings/settings";
import { settingsSchema } from "../settings/settings";
import { mostEntries, sweepVersion } from "./manifest";
import type { Configuration, EarlyStop, SweepManifest } from "./manifest";
import { formatValue, listOf, SweepError, valueAt } from "./values";
import type { Axis } from "./values";

export interface SweepOrder {
  /** The settings that vary, of a preset where presets vary. Throws its own sentence for an unknown one. */
  base: (preset: string | null) => TrainingSettings;
  axes: readonly Axis[];
  /** Of every configuration; empty takes the base's own. */
  seeds: readonly number[];
  /** So many configurations drawn from the lists and ranges instead of every combination. */
  random: { count: number; seed: number } | null;
}

export type SweepPlan = Pick<SweepManifest, "keys" | "configurations"> & {
  seeds: number[];
};

type Assignment = Record<string, unknown>;

/** Throws a SweepError that names the variant where one of them cannot be trained. */
export function planSweep(order: SweepOrder): SweepPlan {
  const axes = order.axes.filter(({ key }) => key !== "seed");
  refuseTwice(order.axes);
  const assignments = order.random
    ? drawn(axes, order.random)
    : combinations(axes);
  const first = order.base(null);
  const seeds = seedsOf(order, first.seed);
  refuseMany(assignments.length * seeds.length);
  const configurations = assignments.map((values) =>
    configurationOf(order, values, seeds.length > 1),
  );
  return { keys: axes.map(({ key }) => key), configurations, seeds };
}

/** The manifest of a plan. The runs' ids are the sweep's and their index, so that each index is started once. */
export function manifestOf(
  { keys, configurations, seeds }: SweepPlan,
  identity: { id: string; name: string; earlyStop?: EarlyStop | null },
  now: Date,
): SweepManifest {
  const many = configurations.length * seeds.length;
  const digits = String(many - 1).length;
  const entries = configurations.flatMap((_, configuration) =>
    seeds.map((seed, place) => {
      const index = configuration * seeds.length + place;
      const run = `${identity.id}-${String(index).padStart(digits, "0")}`;
      return { run, configuration, seed };
    }),
  );
  return {
    version: sweepVersion,
    id: identity.id,
    name: identity.name,
    createdAt: now.toISOString(),
    keys,
    configurations,
    entries,
    earlyStop: identity.earlyStop ?? null,
    cancelledAt: null,
  };
}

/** Whether two manifests train the same, whatever they are called. */
export function trainsTheSame(a: SweepManifest, b: SweepManifest): boolean {
  const essence = ({ configurations, entries, earlyStop }: SweepManifest) =>
    JSON.stringify([
      configurations.map(({ settings }) => settingsSchema.parse(settings)),
      entries,
      earlyStop,
    ]);
  return essence(a) === essence(b);
}

function seedsOf({ axes, seeds }: SweepOrder, own: number): number[] {
  const axis = axes.find(({ key }) => key === "seed");
  const wanted = axis ? listOf(axis.values) : seeds.length > 0 ? seeds : [own];
  return wanted.map((seed) => {
    const parsed = settingsSchema.shape.seed.safeParse(seed);
    if (!parsed.success)
      throw new SweepError(
        `seed: ${formatValue(seed)} is no seed; it must be a whole number from 0 to 4294967295.`,
      );
    return parsed.data;
  });
}

/** Every value of the first with every value of the second, and so on; the last varies fastest. */
function combinations(axes: readonly Axis[]): Assignment[] {
  return axes.reduce<Assignment[]>(
    (before, { key, values }) => {
      const list = listOf(values);
      refuseMany(before.length * list.length);
      return before.flatMap((one) =>
        list.map((value) => ({ ...one, [key]: value })),
      );
    },
    [{}],
  );
}

/** Independent draws; the same seed gives the same. */
function drawn(
  axes: readonly Axis[],
  { count, seed }: { count: number; seed: number },
): Assignment[] {
  if (axes.length === 0)
    throw new SweepError("A random search needs at least one setting to vary.");
  refuseMany(count);
  const random = Random.fromSeed(seed, "sweep");
  return Array.from({ length: count }, () =>
    Object.fromEntries(
      axes.map(({ key, values }) => [
        key,
        values.kind === "range"
          ? valueAt(values, random.uniform())
          : values.values[random.below(values.values.length)],
      ]),
    ),
  );
}

function configurationOf(
  { base }: SweepOrder,
  values: Assignment,
  hasSeeds: boolean,
): Configuration {
  const { preset, ...others } = values;
  const label = Object.entries(values)
    .map(([key, value]) => labelOf(key, value))
    .join(", ");
  try {
    const before = base(typeof preset === "string" ? preset : null);
    const changed = Object.entries(others).reduce(
      (settings, [key, value]) => withValue(settings, key, value),
      before,
    );
    const settings = withSharedData(fittedTo(before, changed), hasSeeds);
    const [problem] = checkSettings(settings);
    if (problem) throw new SweepError(`${problem.path}: ${problem.message}`);
    return {
      label: label.slice(0, 300),
      values: values as Configuration["values"],
      settings,
    };
  } catch (error) {
    if (!(error instanceof SettingError) && !(error instanceof SweepError))
      throw error;
    throw new SweepError(
      label ? `The variant ${label}: ${error.message}` : error.message,
    );
  }
}

/** The images are the same whatever the seed, so that a spread over seeds is the training's alone. */
function withSharedData(
  settings: TrainingSettings,
  hasSeeds: boolean,
): TrainingSettings {
  const { data, seed } = settings;
  if (!hasSeeds || data.source !== "strokes" || data.strokesSeed !== null)
    return settings;
  return { ...settings, data: { ...data, strokesSeed: seed } };
}

/** A range may fall between whole numbers where only those are allowed. */
function withValue(
  settings: TrainingSettings,
  key: string,
  value: unknown,
): TrainingSettings {
  try {
    return withChanges(settings, [[key, value]]);
  } catch (error) {
    const isWhole = Number.isInteger(valueOf(settings, key));
    if (typeof value !== "number" || !isWhole || Number.isInteger(value))
      throw error;
    return withChanges(settings, [[key, Math.round(value)]]);
  }
}

function labelOf(key: string, value: unknown): string {
  if (key === "preset" && typeof value === "string")
    return findPreset(value)?.title ?? value;
  return `${key.split(".").at(-1) ?? key} ${formatValue(value)}`;
}

function refuseTwice(axes: readonly Axis[]): void {
  const keys = axes.map(({ key }) => key);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined)
    throw new SweepError(
      `${twice} is varied twice; give all its values at once.`,
    );
}

function refuseMany(count: number): void {
  if (count > mostEntries)
    throw new SweepError(
      `That would be ${count} runs; ${mostEntries} are the most of one sweep.`,
    );
}

/** What varies in a new run: several values in any field, several seeds. With any of it, a sweep is started instead of one run. */
import { pathsOfKey, valueOf } from "../../shared/settings/change";
import { presets } from "../../shared/settings/presets/index";
import type { TrainingSettings } from "../../shared/settings/settings";
import { labelOfSetting } from "../../shared/settings/words";
import { usualEarlyStop } from "../../shared/sweeps/early-stop";
import type { EarlyStop } from "../../shared/sweeps/manifest";
import type { SweepOrder } from "../../shared/sweeps/plan";
import { listOf, parseValues, SweepError } from "../../shared/sweeps/values";
import type { Axis } from "../../shared/sweeps/values";
import { withDifferences } from "./with-differences";

interface VariedSetting {
  /** A path into the settings, or a key that `--vary` takes. */
  key: string;
  /** As it was typed: `1e-4, 2e-4`. */
  text: string;
  /** 0 stands for null. */
  zeroIsNone: boolean;
}

interface ReadSetting extends VariedSetting {
  label: string;
  /** Null where the text cannot be read. */
  axis: Axis | null;
  problem: string | null;
}

/** More seeds than anybody waits for. */
export const mostSeeds = 100;

export class Variants {
  private varied = $state.raw<readonly VariedSetting[]>([]);
  seeds = $state(1);
  isRandom = $state(false);
  /** Of a random search. */
  count = $state(20);
  drawSeed = $state(0);
  stopsEarly = $state(false);
  grace = $state(1000);
  /** What is asked for beside the runs themselves. */
  report = $state(false);
  /** Whether the summary is to be shown as soon as it is known. */
  isWanted = $state(false);
  /** Of the sweep; empty takes the usual one. */
  name = $state("");

  readonly settings: readonly ReadSetting[] = $derived(this.varied.map(read));
  readonly isOn: boolean = $derived(this.varied.length > 0 || this.seeds !== 1);
  /** What is wrong with it, in one sentence that names the setting. */
  readonly problem: string | null = $derived.by(() => {
    const wrong = this.settings.find(({ problem }) => problem !== null);
    if (wrong) return wrong.problem;
    const { seeds } = this;
    if (!Number.isInteger(seeds) || seeds < 1 || seeds > mostSeeds)
      return `Seeds: needs a whole number from 1 to ${mostSeeds}.`;
    if (this.isRandom && !(Number.isInteger(this.count) && this.count >= 1))
      return "Variants drawn: needs a whole number above 0.";
    return null;
  });

  find(key: string): ReadSetting | null {
    return this.settings.find((one) => one.key === key) ?? null;
  }

  /** Null lets it vary no more. */
  vary(key: string, text: string | null, zeroIsNone = false): void {
    const others = this.varied.filter((one) => one.key !== key);
    if (text === null) {
      if (others.length !== this.varied.length) this.varied = others;
      return;
    }
    const setting = { key, text, zeroIsNone };
    this.varied = this.find(key)
      ? this.varied.map((one) => (one.key === key ? setting : one))
      : [...this.varied, setting];
  }

  /** One run again. */
  clear(): void {
    this.varied = [];
    this.seeds = 1;
    this.isRandom = false;
    this.stopsEarly = false;
    this.report = false;
    this.isWanted = false;
    this.name = "";
  }

  /** What is to be trained; null where something of it cannot be read. `base` is what `settings` were made of. */
  order(base: TrainingSettings, settings: TrainingSettings): SweepOrder | null {
    const axes = this.settings.flatMap(({ axis }) => axis ?? []);
    if (this.problem !== null || axes.length < this.settings.length)
      return null;
    const first = settings.seed;
    const hasSeeds = axes.some(({ key }) => key === "seed");
    return {
      settings,
      presets: axes.some(({ key }) => key === "preset")
        ? presets.map((preset) =>
            withDifferences(preset.settings, base, settings),
          )
        : [],
      axes: axes.map((axis) => fit(axis, settings)),
      seeds: hasSeeds
        ? []
        : Array.from({ length: this.seeds }, (_, index) => first + index),
      random:
        this.isRandom && axes.length > 0
          ? { count: this.count, seed: this.drawSeed }
          : null,
    };
  }

  earlyStop(configurations: number): EarlyStop | null {
    return this.stopsEarly ? usualEarlyStop(configurations, this.grace) : null;
  }
}

function read(setting: VariedSetting): ReadSetting {
  const { key, text, zeroIsNone } = setting;
  const label = labelOfKey(key);
  try {
    // A comma that is typed last is no value yet.
    const values = parseValues(text.replace(/,\s*$/, ""), label);
    if (zeroIsNone && values.kind === "list")
      values.values = values.values.map((one) => (one === 0 ? null : one));
    return { ...setting, label, axis: { key, values }, problem: null };
  } catch (error) {
    if (!(error instanceof SweepError)) throw error;
    return { ...setting, label, axis: null, problem: error.message };
  }
}

/** A number of images can vary where all are taken otherwise. */
function fit(axis: Axis, settings: TrainingSettings): Axis {
  if (axis.key !== "data.limit.count" || valueOf(settings, axis.key) != null)
    return axis;
  const values = listOf(axis.values).map((count) =>
    count === null ? null : { count, pick: "random" },
  );
  return { key: "data.limit", values: { kind: "list", values } };
}

function labelOfKey(key: string): string {
  return key === "learningRate"
    ? "Learning rate of both"
    : labelOfSetting(pathsOfKey(key)[0]);
}

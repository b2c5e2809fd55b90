/** The settings of the run that is about to begin: where they come from, what was changed, what does not fit. */
import { checkSettings } from "../../shared/settings/check";
import { withClasses } from "../../shared/settings/fit-networks";
import { classCount } from "../../shared/settings/labels";
import type { SettingsProblem } from "../../shared/settings/check";
import { jaketaeMlp } from "../../shared/settings/presets/jaketae-mlp";
import { settingsSchema } from "../../shared/settings/settings";
import type { Preset, TrainingSettings } from "../../shared/settings/settings";
import { presets } from "../../shared/settings/presets/index";
import { sentenceOf } from "./issue-sentence";
import type { Variants } from "./variants.svelte";
import { withSetting } from "./setting-path";
import type { SettingPath, ValueAt } from "./setting-path";

/** Several values in a field. */
export interface Varying {
  /** As they were typed; null where it has one value. */
  text: string | null;
  problem: string | null;
  /** Null goes back to one value. */
  onvary: (text: string | null) => void;
}

export class Draft {
  /** What the settings are compared with: a preset's, or those of the run they were taken from. */
  base = $state.raw<TrainingSettings>(jaketaeMlp.settings);
  settings = $state.raw<TrainingSettings>(jaketaeMlp.settings);
  name = $state("");
  /** Whether the data set was chosen by hand, so that another preset keeps it. */
  private dataChosen = false;

  /** `variants` where several runs can be started of it. */
  constructor(readonly variants: Variants | null = null) {}

  readonly preset: Preset | null = $derived(
    presets.find(({ id }) => id === this.settings.preset) ?? null,
  );
  readonly problems: SettingsProblem[] = $derived(problemsOf(this.settings));
  readonly isChanged: boolean = $derived.by(
    () =>
      (this.variants?.isOn ?? false) ||
      JSON.stringify(this.base) !== JSON.stringify(this.settings),
  );

  choosePreset(preset: Preset): void {
    const { source } = this.settings.data;
    this.base = preset.settings;
    this.settings = this.dataChosen
      ? {
          ...preset.settings,
          data: { ...preset.settings.data, source },
        }
      : preset.settings;
  }

  chooseData(source: string): void {
    this.dataChosen = true;
    this.change({ data: { ...this.settings.data, source, classes: null } });
  }

  /** The data set that a new user can train on at once, where nothing else was chosen. */
  suggestData(source: string): void {
    if (!this.dataChosen) this.chooseData(source);
  }

  change(change: Partial<TrainingSettings>): void {
    this.settings = { ...this.settings, ...change };
  }

  /** The number of classes, in all layers that read labels. */
  fitClasses(classes: number): void {
    const count = classCount(this.settings);
    if (count !== null && count !== classes)
      this.settings = withClasses(this.settings, classes);
  }

  /** One setting by its path. */
  set<P extends SettingPath>(path: P, value: ValueAt<P>): void {
    this.settings = withSetting(this.settings, path, value);
  }

  /** Whether a part of the settings differs from the preset's, or is wrong. */
  isTouched(part: keyof TrainingSettings): boolean {
    return (
      JSON.stringify(this.settings[part]) !== JSON.stringify(this.base[part]) ||
      this.problemAt(part) !== null
    );
  }

  /** Takes a run's settings, to be compared with them; some may be changed already. */
  take(base: TrainingSettings, settings = base): void {
    this.base = base;
    this.settings = settings;
    this.dataChosen = true;
    this.name = "";
  }

  /** How the field of a setting takes several values; undefined where it cannot. */
  varying(key: string, zeroIsNone = false): Varying | undefined {
    const { variants } = this;
    if (!variants) return undefined;
    const found = variants.find(key);
    return {
      text: found?.text ?? null,
      problem: found?.problem ?? null,
      onvary: (text) => variants.vary(key, text, zeroIsNone),
    };
  }

  /** Everything as the preset or the run says, the data set included. */
  reset(): void {
    this.variants?.clear();
    this.settings = this.base;
  }

  /** The first sentence about a setting, or about anything below it. */
  problemAt(path: string): string | null {
    const found = this.problems.find(
      (problem) => problem.path === path || problem.path.startsWith(`${path}.`),
    );
    return found?.message ?? null;
  }
}

function problemsOf(settings: TrainingSettings): SettingsProblem[] {
  const parsed = settingsSchema.safeParse(settings);
  if (parsed.success) return checkSettings(parsed.data);
  return parsed.error.issues.map((issue) => ({
    path: issue.path.join("."),
    message: sentenceOf(issue),
  }));
}

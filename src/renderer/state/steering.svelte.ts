/**
 * Forking or resuming a run: from which checkpoint, for how many additional steps, under which settings. Opened filled in
 * by whoever proposes something.
 */
import type { CheckpointNote } from "../../shared/contract/runs";
import type { TrialPlan } from "../../shared/doctor/trial";
import type { QueueOrder } from "../../shared/contract/queue";
import { settingRows } from "../../shared/settings/differences";
import type { SettingRow } from "../../shared/settings/differences";
import { withChanges } from "../../shared/settings/change";
import { labelOfSetting } from "../../shared/settings/words";
import type { SettingChange } from "../../shared/settings/change";
import { plannedSteps, untilStep } from "../../shared/settings/length";
import type { TrainingSettings } from "../../shared/settings/settings";
import { hasBeginning, isActive } from "../../shared/run";
import { formatCount } from "../format";
import type { Application } from "./application.svelte";
import { Draft } from "./draft.svelte";
import type { ReadableRun } from "./runs.svelte";

/** What a dialog is opened with. */
export interface SteeringWish {
  run: string;
  /** `resume` trains the run itself on; `fork` starts a new one. */
  kind: "resume" | "fork";
  /** The checkpoint at or before this step, 0 for the beginning; absent takes the newest. */
  step?: number;
  /** Settings that are proposed. */
  changes?: readonly SettingChange[];
  /** Why they are: shown above the settings. */
  why?: string;
  /** What the doctor advised, where the fork tries that. */
  trial?: TrialPlan;
}

export class Steering {
  readonly draft = new Draft();
  kind = $state<"resume" | "fork">("fork");
  name = $state("");
  /** Steps that are trained after the checkpoint. */
  more = $state(0);
  /** The checkpoint that was chosen; null follows the newest. */
  private picked = $state<number | null>(null);
  notes = $state.raw<readonly CheckpointNote[]>([]);
  isStarting = $state(false);
  /** Who resumes the run anyway: "Task 12_3 waits in Slurm's queue again."; null where nobody does. */
  waits = $state.raw<string | null>(null);
  readonly why: string | null;
  /** Whether the same steps are trained without the change, too. */
  withControl = $state(false);

  constructor(
    private readonly application: Application,
    readonly parent: ReadableRun,
    private readonly wish: SteeringWish,
  ) {
    const { settings } = parent.record;
    if (!settings)
      throw new Error("A run without settings cannot be forked or resumed.");
    this.draft.take(settings, withChanges(settings, wish.changes ?? []));
    this.why = wish.why ?? null;
    this.kind = this.isActive ? "fork" : wish.kind;
    if (wish.step !== undefined) {
      const { step } = wish;
      const before = parent.checkpoints.filter((one) => one <= step);
      this.picked =
        step === 0 ? 0 : (before.at(-1) ?? parent.checkpoints.at(0) ?? null);
    }
    this.more = Math.max(this.usualMore(), wish.trial?.expects?.within ?? 0);
    void this.check();
    void this.askSweep();
  }

  /** The parent as it is now: it may still train. */
  readonly listing: ReadableRun = $derived.by(
    () => this.application.runs.find(this.parent.record.id) ?? this.parent,
  );
  readonly isActive: boolean = $derived.by(() =>
    isActive(this.listing.record.state),
  );
  /** The checkpoints, ascending; 0 without one is to start over. */
  readonly places: readonly CheckpointNote[] = $derived.by(() => {
    const { checkpoints, record } = this.listing;
    const notes = [...this.notes];
    const add = (step: number) => {
      if (!notes.some((note) => note.step === step))
        notes.push({ step, problem: null });
    };
    checkpoints.forEach(add);
    if (hasBeginning(record)) add(0);
    return notes.sort((a, b) => a.step - b.step);
  });
  /** Null where there is none that can be used. */
  readonly step: number | null = $derived.by(() => {
    const sound = this.places.filter(({ problem }) => problem === null);
    const picked = sound.find(({ step }) => step === this.picked);
    if (picked) return picked.step;
    // The newest is where nothing is lost; where it is damaged, somebody has to say where instead.
    const newest = this.places.at(-1);
    return newest?.problem === null ? newest.step : null;
  });
  readonly total: number = $derived.by(() => (this.step ?? 0) + this.more);
  /** What differs from the parent, but for the length. */
  readonly differences: readonly SettingRow[] = $derived.by(() => {
    const { base, settings } = this.draft;
    const { schedule } = settings;
    const sameLength = {
      ...settings,
      schedule: { ...schedule, length: base.schedule.length },
    };
    return settingRows([base, sameLength]).filter(({ differs }) => differs);
  });
  /** What the fork is held to; null where it has another difference than the one that was advised. */
  readonly trial: TrialPlan | null = $derived.by(() => {
    const { changes = [], trial } = this.wish;
    if (!trial || this.kind !== "fork") return null;
    const { base, settings } = this.draft;
    const rows = settingRows([withChanges(base, changes), settings]);
    const others = rows.filter(
      ({ differs, path }) => differs && !path.startsWith("schedule.length"),
    );
    return others.length === 0 ? trial : null;
  });
  /** Why it cannot start, or null. */
  readonly problem: string | null = $derived.by(() => {
    if (this.step === null)
      return this.places.length === 0
        ? "The run has no checkpoint yet."
        : "The newest checkpoint is damaged; choose another one.";
    if (!Number.isInteger(this.more) || this.more < 1)
      return "It needs at least one additional step.";
    const [problem] = this.draft.problems;
    return problem
      ? `${labelOfSetting(problem.path)}: ${problem.message}`
      : null;
  });
  /** Whether what was trained after the checkpoint is set aside. */
  readonly setsAside: boolean = $derived.by(
    () =>
      this.kind === "resume" &&
      this.step !== null &&
      this.step < this.listing.record.progress.step,
  );
  /** "parent · fork @1,264". */
  readonly usualName: string = $derived.by(
    () => `${this.listing.record.name} · fork @${formatCount(this.step ?? 0)}`,
  );

  /** A sweep's run may wait on a cluster, which would train it beside us. */
  private async askSweep(): Promise<void> {
    const { id, sweep } = this.parent.record;
    if (!sweep || this.isActive) return;
    const { client } = this.application;
    // A run from elsewhere has a sweep that is not here.
    const status = await client.sweeps.status(sweep).catch(() => null);
    const entry = status?.entries.find(({ run }) => run === id);
    if (entry?.state === "waiting" && entry.task) this.waits = entry.reason;
  }

  pick(step: number): void {
    const wasUsual = this.more === this.usualMore();
    this.picked = step;
    if (wasUsual) this.more = this.usualMore();
  }

  /** One difference as the parent has it. */
  takeBack(path: string): void {
    const { base, settings } = this.draft;
    const keys = path.split(".");
    // A network is one row of several settings.
    if (keys[1] === "network") keys.pop();
    this.draft.settings = replaced(settings, base, keys) as TrainingSettings;
  }

  /** A run that trains saves one where it stands, which is then chosen. */
  async saveNow(): Promise<void> {
    const { client, notices } = this.application;
    const run = this.parent.record.id;
    this.picked = null;
    await notices.guard(client.training.checkpoint({ run }));
  }

  /** Whether it has started or waits in the queue. */
  async start(): Promise<boolean> {
    if (this.problem !== null || this.isStarting) return false;
    this.isStarting = true;
    const { application } = this;
    const queued = await application.notices.guard(
      application.client.queue.add({ order: this.order() }),
    );
    const control = queued && this.controlOrder();
    if (control)
      await application.notices.guard(
        application.client.queue.add({ order: control }),
      );
    this.isStarting = false;
    if (queued) application.showQueued(queued);
    return queued !== undefined;
  }

  private order(): QueueOrder {
    const { id, progress } = this.listing.record;
    const step = this.step ?? 0;
    const settings = untilStep(this.draft.settings, this.total);
    if (this.kind === "fork") {
      const name = this.name.trim() || this.usualName;
      const { trial } = this;
      return { type: "fork", run: id, step, settings, name, trial };
    }
    return {
      type: "resume",
      run: id,
      at: step === progress.saved ? undefined : step,
      steps: this.total,
      ...(this.differences.length > 0 && { settings }),
    };
  }

  /** As long as the change is held to it; null where none is wanted. */
  private controlOrder(): QueueOrder | null {
    const { listing, step, trial, withControl } = this;
    if (
      !withControl ||
      !trial?.expects ||
      trial.role === "control" ||
      step === null
    )
      return null;
    const { id, name } = listing.record;
    return {
      type: "fork",
      run: id,
      step,
      settings: untilStep(this.draft.base, step + trial.expects.within),
      name: `${name.slice(0, 160)} · control @${formatCount(step)}`,
      trial: { ...trial, role: "control" },
    };
  }

  /** To the end that was planned, or as long again. */
  private usualMore(): number {
    const { progress, settings } = this.listing.record;
    const planned =
      progress.totalSteps ||
      (settings ? plannedSteps(settings, progress.stepsPerEpoch) : 0);
    const left = planned - (this.step ?? 0);
    return left > 0 ? left : Math.max(planned, 1);
  }

  private async check(): Promise<void> {
    const { client, notices } = this.application;
    const id = this.parent.record.id;
    this.notes = (await notices.guard(client.runs.checkpoints({ id }))) ?? [];
  }
}

/** The first with what the second has at a place. */
function replaced(
  whole: unknown,
  other: unknown,
  [key, ...rest]: string[],
): unknown {
  if (key === undefined || typeof whole !== "object" || whole === null)
    return other;
  const part = (whole as Record<string, unknown>)[key];
  const theirs = (other as Record<string, unknown> | null)?.[key];
  // Another kind of optimiser has other settings: the whole of it goes back.
  if (theirs === undefined || part === undefined) return other;
  return { ...whole, [key]: replaced(part, theirs, rest) };
}

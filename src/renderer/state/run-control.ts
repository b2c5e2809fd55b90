/** Orders to the run that trains, and what the user is told once they were carried out. */
import { isActive } from "../../shared/run";
import type { RunRecord } from "../../shared/run";
import { formatCount } from "../format";
import type { AppClient } from "../../shared/contract/index";
import type { Notices } from "./notices.svelte";
import type { ReadableRun, Runs } from "./runs.svelte";
import type { Undo } from "./undo.svelte";

interface Tools {
  client: AppClient;
  notices: Notices;
  runs: Runs;
  undo: Undo;
}

export class RunControl {
  /** Runs that were told to stop here and have not ended yet. */
  private readonly stopping: string[] = [];
  /** Runs that were told to save a checkpoint here, which is not on the disk yet. */
  private readonly saving: string[] = [];
  /** How the offer to go on with a stopped run is withdrawn. */
  private readonly offers = new Map<string, () => void>();

  constructor(private readonly tools: Tools) {}

  async stop(run: string): Promise<void> {
    const { client, notices } = this.tools;
    this.stopping.push(run);
    const told = await notices.guard(
      client.training.stop({ run }).then(() => true),
    );
    if (!told) take(this.stopping, run);
  }

  async saveCheckpoint(run: string): Promise<void> {
    const { client, notices } = this.tools;
    this.saving.push(run);
    const told = await notices.guard(
      client.training.checkpoint({ run }).then(() => true),
    );
    if (!told) take(this.saving, run);
  }

  /** A run that ended goes on where it stands; one without a checkpoint begins again. */
  async goOn(run: string): Promise<void> {
    const { client, notices, runs } = this.tools;
    const listing = await notices.guard(
      client.training.resume({ run, steps: null }),
    );
    if (listing) runs.put(listing);
  }

  /** Listens to every change of a run. */
  hear(before: ReadableRun | null, now: ReadableRun): void {
    const { id } = now.record;
    if (isActive(now.record.state)) this.withdraw([id]);
    if (!isActive(now.record.state) && take(this.stopping, id))
      this.offerToGoOn(now.record);
    const asked = now.record.events.findLast(
      ({ type }) => type === "checkpoint",
    );
    const isNew =
      asked && now.record.events.length > (before?.record.events.length ?? 0);
    if (isNew && take(this.saving, id))
      this.tools.notices.inform(
        `A checkpoint of step ${formatCount(asked.step)} is saved.`,
      );
  }

  /** Nobody goes on with a run that trains again or is in the trash. */
  withdraw(runs: readonly string[]): void {
    for (const run of runs) {
      this.offers.get(run)?.();
      this.offers.delete(run);
    }
  }

  private offerToGoOn({ id, name, progress, state }: RunRecord): void {
    if (state !== "stopped") return;
    const { notices, undo } = this.tools;
    const text =
      progress.step === 0
        ? `“${name}” is stopped before its first step.`
        : `“${name}” is stopped at step ${formatCount(progress.step)}.`;
    const withdraw = undo.offer(notices, text, () => void this.goOn(id), {
      label: progress.step === 0 ? "Train again" : "Resume",
    });
    this.offers.set(id, withdraw);
  }
}

/** Whether it was there. */
function take(list: string[], one: string): boolean {
  const at = list.indexOf(one);
  if (at >= 0) list.splice(at, 1);
  return at >= 0;
}

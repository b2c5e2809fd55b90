/** What the variants of the form would train and take, asked for whenever they change. Belongs to the component that makes it. */
import type { SweepPreview } from "../../shared/contract/sweeps";
import { errorMessage } from "../../shared/errors";
import type { SweepOrder } from "../../shared/sweeps/plan";
import { usualName } from "../../shared/sweeps/plan";
import type { Application } from "./application.svelte";

/** Milliseconds: a list is typed letter by letter. */
const pause = 250;

export class SweepPlanning {
  preview = $state.raw<SweepPreview | null>(null);
  /** Why it cannot be trained, in one sentence. */
  refusal = $state<string | null>(null);
  isAsking = $state(false);
  isStarting = $state(false);

  readonly order: SweepOrder | null = $derived.by(() => {
    const { draft } = this.application;
    const { variants } = draft;
    if (!variants?.isOn || draft.problems.length > 0) return null;
    return variants.order(draft.base, draft.settings);
  });
  /** What stands in the way, in one sentence. */
  readonly problem: string | null = $derived.by(
    () => this.application.draft.variants?.problem ?? this.refusal,
  );
  readonly isReady: boolean = $derived(
    this.order !== null &&
      this.preview !== null &&
      this.problem === null &&
      !this.isAsking,
  );
  /** The name in the form, or what varies. */
  readonly usualName: string = $derived.by(
    () =>
      this.application.draft.name.trim().slice(0, 100) ||
      usualName({ keys: this.preview?.keys ?? [] }),
  );

  constructor(private readonly application: Application) {
    $effect(() => {
      const { order } = this;
      this.isAsking = order !== null;
      if (order === null) return;
      const timer = setTimeout(() => void this.ask(order), pause);
      return () => clearTimeout(timer);
    });
  }

  /** Whether all of it is in the queue now. */
  async start(): Promise<boolean> {
    const { application, order, preview } = this;
    const { variants } = application.draft;
    if (!order || !variants || !preview || this.isStarting) return false;
    this.isStarting = true;
    const sweep = await application.notices.guard(
      application.client.sweeps.start({
        order,
        name: variants.name.trim() || this.usualName,
        earlyStop: variants.earlyStop(preview.configurations),
        report: variants.report,
      }),
    );
    this.isStarting = false;
    if (!sweep) return false;
    variants.clear();
    application.sweeps.begun(sweep);
    return true;
  }

  private async ask(order: SweepOrder): Promise<void> {
    try {
      const preview = await this.application.client.sweeps.plan({ order });
      if (order !== this.order) return;
      [this.preview, this.refusal] = [preview, null];
    } catch (error) {
      if (order !== this.order) return;
      [this.preview, this.refusal] = [null, errorMessage(error)];
    }
    this.isAsking = false;
  }
}

/** What can be taken back, the latest first. */
import type { Notices } from "./notices.svelte";

export interface UndoStep {
  /** What is taken back: "the name of “First try”". */
  what: string;
  run(): void;
}

const kept = 50;

export class Undo {
  private steps = $state.raw<readonly UndoStep[]>([]);
  readonly next: UndoStep | null = $derived(this.steps.at(-1) ?? null);

  /** Gives the function that takes back this step, once. */
  add(step: UndoStep): () => void {
    this.steps = [...this.steps.slice(1 - kept), step];
    return () => this.take(step);
  }

  /**
   * Says what was done with a button that takes it back; the message goes with it, however that is done. Gives the
   * function that withdraws the offer, where it has become void.
   */
  offer(
    notices: Notices,
    text: string,
    run: () => void,
    { label = "Undo" } = {},
  ): () => void {
    const step: UndoStep = {
      what: `“${text}”`,
      run: () => {
        notices.dismiss(toast);
        run();
      },
    };
    const toast = notices.inform(text, { label, run: this.add(step) });
    return () => {
      notices.dismiss(toast);
      this.steps = this.steps.filter((other) => other !== step);
    };
  }

  /** Takes back the latest step. */
  run(): void {
    if (this.next) this.take(this.next);
  }

  private take(step: UndoStep): void {
    if (!this.steps.includes(step)) return;
    this.steps = this.steps.filter((other) => other !== step);
    step.run();
  }
}

import { Curves } from "./curves.svelte";

/** The curves of the runs looked at last, so that going back and forth is instant and memory stays flat. */
export class CurveCache {
  private readonly kept = new Map<string, Curves>();

  of(run: string): Curves {
    const known = this.kept.get(run) ?? new Curves(run);
    this.kept.delete(run);
    this.kept.set(run, known);
    if (this.kept.size > 10) {
      const [oldest] = this.kept.keys();
      this.kept.delete(oldest);
    }
    return known;
  }

  peek(run: string): Curves | null {
    return this.kept.get(run) ?? null;
  }

  drop(run: string): void {
    this.kept.delete(run);
  }
}

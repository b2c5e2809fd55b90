/** Hints on how to use a part of the window: each is shown until it is dismissed, and then never again. */
import { z } from "zod";
import type { Preferences } from "./preferences.svelte";

export type Tip = "charts" | "preset" | "settings" | "start";

const key = "tips";
const schema = z.array(z.string());

export class Tips {
  constructor(private readonly preferences: Preferences) {}

  /** False also until it is known what was dismissed at earlier launches. */
  isDue(tip: Tip): boolean {
    return this.preferences.loaded && !this.dismissed.includes(tip);
  }

  dismiss(...tips: Tip[]): void {
    const next = tips.filter((tip) => !this.dismissed.includes(tip));
    if (next.length > 0)
      this.preferences.set(key, [...this.dismissed, ...next]);
  }

  showAgain(): void {
    this.preferences.set(key, []);
  }

  private get dismissed(): readonly string[] {
    return this.preferences.get(key, schema, []);
  }
}

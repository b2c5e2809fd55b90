/** Goes from place to place by itself until the last one, or until somebody halts it. */
import { onDestroy } from "svelte";

/** What is played: where it stands among how many places, and how it goes to another. */
export interface Reel {
  readonly index: number;
  readonly count: number;
  go(to: number): void;
}

/** Made by a component, and halted with it. */
export class Player {
  private timer = $state<ReturnType<typeof setInterval> | null>(null);
  readonly playing: boolean = $derived(this.timer !== null);

  constructor(private readonly reel: Reel) {
    onDestroy(() => this.halt());
  }

  /** From the beginning where it stands at the end. */
  toggle(perSecond: number): void {
    if (this.playing) {
      this.halt();
      return;
    }
    const { reel } = this;
    const isAtEnd = () => reel.index >= reel.count - 1;
    if (isAtEnd()) reel.go(0);
    this.timer = setInterval(() => {
      if (isAtEnd()) this.halt();
      else reel.go(reel.index + 1);
    }, 1000 / perSecond);
  }

  halt(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }
}

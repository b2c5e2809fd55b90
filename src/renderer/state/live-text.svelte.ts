/** What a screen reader is told about a change, once nothing newer came for a moment. */
import { onDestroy } from "svelte";

/** Milliseconds: a key that is held down is told once it is let go. */
const patience = 400;

/** Made by a component, and stopped with it. */
export class LiveText {
  text = $state("");
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    onDestroy(() => clearTimeout(this.timer));
  }

  say(text: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.text = text), patience);
  }
}

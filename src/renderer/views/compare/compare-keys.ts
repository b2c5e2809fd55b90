/** The keys of the compare view: the slider, the configurations, and how the samples are laid out. */
import type { Comparing } from "./comparing.svelte";

const layouts = ["side", "swipe", "blink"] as const;

/** Keys typed into a field, or with Ctrl or Cmd, are not for the view. */
export function compareKeys(event: KeyboardEvent, comparing: Comparing): void {
  const { target } = event;
  const isTyping =
    target instanceof HTMLElement &&
    target.matches("input:not([type=range], [type=radio], [type=checkbox])");
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || isTyping)
    return;
  if (document.querySelector("dialog[open]") || comparing.runs.length < 2)
    return;
  if (act(event, comparing)) event.preventDefault();
}

function act(event: KeyboardEvent, comparing: Comparing): boolean {
  // With Shift the key is another sign on most keyboards; its place stays.
  const digit = /^Digit([1-8])$/.exec(event.code)?.[1];
  const one = digit
    ? comparing.configurations.at(Number(digit) - 1)
    : undefined;
  if (one && event.shiftKey) {
    if (event.altKey) comparing.showOnly(one);
    else comparing.toggle(one);
    return true;
  }
  if (event.altKey) return false;
  switch (event.key) {
    case "[":
      comparing.pictures.move(-1);
      return true;
    case "]":
      comparing.pictures.move(1);
      return true;
    case "v": {
      const at = layouts.indexOf(comparing.view.layout);
      const layout = layouts[(at + 1) % layouts.length];
      comparing.change({ layout, pane: "samples" });
      return true;
    }
    case "n":
      comparing.pictures.swipeToNext();
      return true;
    default:
      return false;
  }
}

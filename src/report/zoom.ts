/** Zooming: a drag across the picture, a double click, and buttons. */
import type { XRange } from "../shared/curves/chart";
import { within, zoomed } from "../shared/curves/zoom";
import { element } from "./elements";
import type { Plot } from "./plot";

/** Null shows everything. */
type ShowRange = (range: XRange | null) => void;

/** A drag of fewer pixels is a click. */
const leastDrag = 6;

export function makeZoomable(plot: Plot, show: ShowRange): void {
  let start: number | null = null;
  const listen = (
    type: "pointerdown" | "pointermove" | "pointerup" | "pointercancel",
    listener: (event: PointerEvent) => void,
  ) => plot.root.addEventListener(type, listener);

  listen("pointerdown", (event) => {
    start = plot.pixelOf(event);
    plot.root.setPointerCapture(event.pointerId);
  });
  listen("pointermove", (event) => {
    const at = plot.pixelOf(event);
    plot.moveCursor(plot.valueAt(at));
    if (start !== null) plot.shade(start, at);
  });
  listen("pointerup", (event) => {
    const at = plot.pixelOf(event);
    const from = start;
    end();
    const { full } = plot;
    if (from === null || !full || Math.abs(at - from) <= leastDrag) return;
    const ends = [plot.valueAt(from), plot.valueAt(at)];
    show(within({ from: Math.min(...ends), to: Math.max(...ends) }, full));
  });
  listen("pointercancel", end);
  plot.root.addEventListener("pointerleave", () => plot.moveCursor(null));
  plot.root.addEventListener("dblclick", () => show(null));

  function end(): void {
    start = null;
    plot.clearShade();
  }
}

export function zoomButtons(plot: Plot, show: ShowRange): HTMLElement[] {
  const by = (factor: number) => () => {
    const { shown, full } = plot;
    if (!shown || !full) return;
    const middle = (shown.from + shown.to) / 2;
    show(zoomed(shown, full, middle, factor));
  };
  return [
    button("Zoom in", by(0.5)),
    button("Zoom out", by(2)),
    button("Show all", () => show(null)),
  ];
}

function button(textContent: string, onclick: () => void): HTMLElement {
  return element("button", { type: "button", textContent, onclick });
}

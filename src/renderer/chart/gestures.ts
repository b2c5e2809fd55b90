/**
 * What a pointer does to a graph: dragging zooms to a stretch, Shift and dragging pans, Ctrl and wheel zoom (a pinch on
 * a touchpad is told as that). One finger pans, two zoom.
 */
import type { XRange } from "../../shared/curves/chart";
import { panned, within, zoomed } from "../../shared/curves/zoom";

/** The graph as gestures see it. */
export interface Zoomable {
  /** In the pixels of pointer events. */
  readonly plot: { left: number; right: number };
  readonly shown: XRange | null;
  readonly full: XRange | null;
  choose(stretch: readonly [number, number] | null): void;
  onRange(range: XRange | null): void;
}

/** Gives the function that stops listening. */
export function listenToGestures(
  element: HTMLElement,
  graph: Zoomable,
): () => void {
  const fingers = new Map<number, number>();
  let chosenFrom: number | null = null;
  const stop = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
  ) =>
    element.addEventListener(type, listener, {
      signal: stop.signal,
      passive: false,
    });

  on("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.clientX, 1.15 ** Math.sign(event.deltaY));
  });
  on("pointerdown", (event) => {
    if (event.button !== 0) return;
    fingers.set(event.pointerId, event.clientX);
    element.setPointerCapture(event.pointerId);
    const pans = event.shiftKey || event.pointerType === "touch";
    if (!pans) chosenFrom = event.clientX;
  });
  on("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    fingers.set(event.pointerId, event.clientX);
    if (chosenFrom !== null) graph.choose([chosenFrom, event.clientX]);
    else if (fingers.size === 1) pan(event.clientX - before);
    else pinch(event, before);
  });
  on("pointerup", (event) => {
    if (chosenFrom !== null) zoomTo(chosenFrom, event.clientX);
    end(event);
  });
  on("pointercancel", end);

  function end(event: PointerEvent): void {
    fingers.delete(event.pointerId);
    chosenFrom = null;
    graph.choose(null);
  }

  function pinch(event: PointerEvent, before: number): void {
    const others = [...fingers].filter(([id]) => id !== event.pointerId);
    const [, other] = others[0];
    const spread = Math.abs(event.clientX - other);
    if (spread > 0) zoom(other, Math.abs(before - other) / spread);
  }

  function zoom(pixel: number, factor: number): void {
    const { shown, full } = graph;
    if (shown && full)
      graph.onRange(zoomed(shown, full, valueAt(shown, pixel), factor));
  }

  function pan(pixels: number): void {
    const { shown, full } = graph;
    if (!shown || !full || pixels === 0) return;
    graph.onRange(
      panned(shown, full, valueAt(shown, 0) - valueAt(shown, pixels)),
    );
  }

  /** A stretch of a few pixels is a click. */
  function zoomTo(from: number, to: number): void {
    const { shown, full } = graph;
    if (!shown || !full || Math.abs(to - from) < 4) return;
    const ends = [valueAt(shown, from), valueAt(shown, to)];
    const range = { from: Math.min(...ends), to: Math.max(...ends) };
    graph.onRange(within(range, full));
  }

  function valueAt(shown: XRange, pixel: number): number {
    const { left, right } = graph.plot;
    const share = (pixel - left) / (right - left);
    return shown.from + share * (shown.to - shown.from);
  }

  return () => stop.abort();
}

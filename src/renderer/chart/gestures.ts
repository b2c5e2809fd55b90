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

export class Gestures {
  /** Where each pointer that is down is. */
  private readonly fingers = new Map<number, number>();
  private chosenFrom: number | null = null;
  private readonly end = new AbortController();

  constructor(
    private readonly element: HTMLElement,
    private readonly graph: Zoomable,
  ) {
    this.on("wheel", (event) => this.wheel(event));
    this.on("pointerdown", (event) => this.press(event));
    this.on("pointermove", (event) => this.move(event));
    this.on("pointerup", (event) => {
      if (this.chosenFrom !== null) this.zoomTo(this.chosenFrom, event.clientX);
      this.release(event);
    });
    this.on("pointercancel", (event) => this.release(event));
  }

  stop(): void {
    this.end.abort();
  }

  private on<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
  ): void {
    const { signal } = this.end;
    this.element.addEventListener(type, listener, { signal, passive: false });
  }

  private wheel(event: WheelEvent): void {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.zoom(event.clientX, 1.15 ** Math.sign(event.deltaY));
  }

  private press(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.fingers.set(event.pointerId, event.clientX);
    this.element.setPointerCapture(event.pointerId);
    const pans = event.shiftKey || event.pointerType === "touch";
    if (!pans) this.chosenFrom = event.clientX;
  }

  private move(event: PointerEvent): void {
    const before = this.fingers.get(event.pointerId);
    if (before === undefined) return;
    this.fingers.set(event.pointerId, event.clientX);
    if (this.chosenFrom !== null)
      this.graph.choose([this.chosenFrom, event.clientX]);
    else if (this.fingers.size === 1) this.pan(event.clientX - before);
    else this.pinch(event, before);
  }

  private release(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    this.chosenFrom = null;
    this.graph.choose(null);
  }

  private pinch(event: PointerEvent, before: number): void {
    const [[, other]] = [...this.fingers].filter(
      ([id]) => id !== event.pointerId,
    );
    const spread = Math.abs(event.clientX - other);
    if (spread > 0) this.zoom(other, Math.abs(before - other) / spread);
  }

  private zoom(pixel: number, factor: number): void {
    const { shown, full } = this.graph;
    if (!shown || !full) return;
    const centre = this.valueAt(shown, pixel);
    this.graph.onRange(zoomed(shown, full, centre, factor));
  }

  private pan(pixels: number): void {
    const { shown, full } = this.graph;
    if (!shown || !full || pixels === 0) return;
    const by = this.valueAt(shown, 0) - this.valueAt(shown, pixels);
    this.graph.onRange(panned(shown, full, by));
  }

  /** A stretch of a few pixels is a click. */
  private zoomTo(from: number, to: number): void {
    const { shown, full } = this.graph;
    if (!shown || !full || Math.abs(to - from) < 4) return;
    const ends = [this.valueAt(shown, from), this.valueAt(shown, to)];
    const range = { from: Math.min(...ends), to: Math.max(...ends) };
    this.graph.onRange(within(range, full));
  }

  private valueAt(shown: XRange, pixel: number): number {
    const { left, right } = this.graph.plot;
    const share = (pixel - left) / (right - left);
    return shown.from + share * (shown.to - shown.from);
  }
}

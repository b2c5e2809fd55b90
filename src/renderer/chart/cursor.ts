/**
 * The cursor's line with a mark on each curve, the place of the samples beside the graph, and the stretch that is being
 * chosen: elements above the graph that are only moved, so that no pixel of it is drawn again.
 */
import { indexAt, valueAt, xAt } from "../../shared/curves/series";
import type { Place, PlotArea } from "../../shared/curves/frame";
import type { ChartLine } from "../../shared/curves/chart";

export interface CursorLook {
  /** On the x axis. */
  cursor: number | null;
  /** Of the samples that are shown, on the x axis. */
  place: number | null;
  /** Chosen with Shift and a drag, in pixels. */
  chosen: readonly [number, number] | null;
  lines: readonly ChartLine[];
}

const markSize = 10;
const handleWidth = 11;

export class CursorLayer {
  private readonly line = makePart(
    "cursor",
    "background: var(--text-soft); width: 1px",
  );
  private readonly samples = makePart(
    "samples",
    "border-left: 1px dashed var(--text); width: 1px",
  );
  /** Below the place of the samples, on the x axis. */
  private readonly handle = makePart(
    "handle",
    `background: var(--text); clip-path: polygon(50% 0, 100% 100%, 0 100%); height: 7px; width: ${handleWidth}px`,
  );
  private readonly stretch = makePart(
    "stretch",
    "background: var(--text-soft); opacity: 0.15; transform-origin: 0 0; width: 1px",
  );
  private marks: HTMLElement[] = [];
  /** What the marks were made for. */
  private marked = "";

  /** `root` lies over the graph and cuts off what leaves it. */
  constructor(private readonly root: HTMLElement) {
    root.append(this.stretch, this.samples, this.handle, this.line);
  }

  show(area: PlotArea, place: Place, look: CursorLook): void {
    this.showStretch(area, look.chosen);
    this.showSamples(area, place, look.place);
    const x = look.cursor === null ? -1 : Math.round(place.x(look.cursor));
    const isInside = x >= area.left - 1 && x <= area.right + 1;
    this.line.style.height = `${area.bottom - area.top}px`;
    move(this.line, isInside ? [x, area.top] : null);
    this.makeMarks(look.lines);
    for (const [index, line] of look.lines.entries())
      move(
        this.marks[index],
        isInside ? markPlace(area, place, look.cursor ?? 0, line) : null,
      );
  }

  private showSamples(area: PlotArea, place: Place, at: number | null): void {
    const x = at === null ? -1 : Math.round(place.x(at));
    const isInside = x >= area.left - 1 && x <= area.right + 1;
    this.samples.style.height = `${area.bottom - area.top}px`;
    move(this.samples, isInside ? [x, area.top] : null);
    const left = x - (handleWidth - 1) / 2;
    move(this.handle, isInside ? [left, area.bottom] : null);
  }

  private showStretch(area: PlotArea, chosen: CursorLook["chosen"]): void {
    const [from, to] = chosen ?? [0, 0];
    this.stretch.style.height = `${area.bottom - area.top}px`;
    move(this.stretch, chosen && [Math.min(from, to), area.top]);
    if (chosen)
      this.stretch.style.transform += ` scaleX(${Math.abs(to - from)})`;
  }

  private makeMarks(lines: readonly ChartLine[]): void {
    const wanted = lines.map(({ color, mark }) => `${color} ${mark}`).join();
    if (wanted === this.marked) return;
    this.marked = wanted;
    for (const mark of this.marks) mark.remove();
    this.marks = lines.map(makeMark);
    this.root.append(...this.marks);
  }
}

/** Real is filled, fake hollow. */
function makeMark({ color, mark }: ChartLine): HTMLElement {
  const [inside, edge] =
    mark === "fake" ? ["var(--surface)", color] : [color, "var(--surface)"];
  return makePart(
    "mark",
    `background: ${inside}; border: 2px solid ${edge}; border-radius: 50%; height: ${markSize}px; width: ${markSize}px`,
  );
}

/** Null where the curve has no value to mark. */
function markPlace(
  area: PlotArea,
  place: Place,
  cursor: number,
  { view }: ChartLine,
): [number, number] | null {
  const index = indexAt(view, cursor);
  if (index < 0 || !Number.isFinite(view.values[index])) return null;
  const x = place.x(xAt(view, index));
  const y = place.y(valueAt(view, index));
  if (x < area.left - 1 || y < area.top - 1 || y > area.bottom + 1) return null;
  return [x - markSize / 2, y - markSize / 2];
}

function makePart(name: string, style: string): HTMLElement {
  const part = document.createElement("div");
  part.dataset.part = name;
  part.style.cssText = `${style}; left: 0; position: absolute; top: 0; visibility: hidden; will-change: transform`;
  return part;
}

/** Null hides it. */
function move(part: HTMLElement, to: readonly [number, number] | null): void {
  part.style.visibility = to ? "visible" : "hidden";
  if (to) part.style.transform = `translate(${to[0]}px, ${to[1]}px)`;
}

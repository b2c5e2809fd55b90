/** The picture of the curves with its cursor, and the legend below it. */
import { axisTitles, formatX } from "../shared/curves/axis";
import type { ChartContent, ChartLine, XRange } from "../shared/curves/chart";
import { drawn } from "../shared/curves/drawing";
import type { Frame } from "../shared/curves/frame";
import { fullRange } from "../shared/curves/picture";
import { areaBox, drawPlot, lineKey } from "../shared/curves/plot";
import { indexAt, valueAt } from "../shared/curves/series";
import { formatValue } from "../shared/format-value";
import { element, svgElement } from "./elements";

const size = { width: 1072, height: 420 };
const area = { left: 64, right: 1040, top: 8, bottom: 388 };
const colors = {
  text: "var(--faint)",
  grid: "var(--line)",
  axis: "var(--line)",
  level: "var(--faint)",
};

export class Plot {
  readonly root = svgElement(
    drawn("svg", {
      class: "plot",
      viewBox: `0 0 ${size.width} ${size.height}`,
      role: "img",
      "aria-label": "Curves of the metrics",
    }),
  );
  readonly legend = element("div", { className: "legend" });
  private content: ChartContent | null = null;
  private frame: Frame | null = null;
  /** On the x axis. */
  private cursor: number | null = null;

  draw(content: ChartContent): void {
    const { frame, parts } = drawPlot(content, area, colors);
    this.content = content;
    this.frame = frame;
    this.root.replaceChildren(...parts.map(svgElement));
    this.moveCursor(null);
  }

  get full(): XRange | null {
    return this.content && fullRange(this.content.lines);
  }

  get shown(): XRange | null {
    return this.frame && this.frame.shown;
  }

  /** Where a pointer is, in the pixels of the drawing. */
  pixelOf(event: PointerEvent): number {
    const box = this.root.getBoundingClientRect();
    return ((event.clientX - box.left) / box.width) * size.width;
  }

  valueAt(pixel: number): number {
    return this.frame?.valueAt(pixel) ?? 0;
  }

  /** The value of each curve at `x` is written in the legend; null takes the cursor away. */
  moveCursor(x: number | null): void {
    const { shown, frame, content } = this;
    if (!shown || !frame || !content) return;
    this.cursor = x && Math.min(shown.to, Math.max(shown.from, x));
    this.root.querySelector(".cursor")?.remove();
    if (this.cursor !== null) this.root.append(this.cursorLine(frame));
    this.legend.replaceChildren(...content.lines.map((line) => this.key(line)));
    if (this.cursor !== null)
      this.legend.append(this.place(this.cursor, content.unit));
  }

  /** A shaded stretch between two pixels, or none. */
  shade(from: number, to: number): void {
    this.clearShade();
    const [left, right] = [Math.min(from, to), Math.max(from, to)];
    const box = svgElement(areaBox({ ...area, left, right }));
    box.classList.add("chosen");
    this.root.append(box);
  }

  clearShade(): void {
    this.root.querySelector(".chosen")?.remove();
  }

  private cursorLine(frame: Frame): SVGElement {
    const x = frame.x(this.cursor ?? 0);
    return svgElement(
      drawn("line", {
        ...{ class: "cursor", x1: x, x2: x },
        ...{ y1: area.top, y2: area.bottom },
      }),
    );
  }

  private key(line: ChartLine): HTMLElement {
    const key = svgElement(
      drawn("svg", { viewBox: "0 0 28 8" }, lineKey(line, 0, 4, 28)),
    );
    const value = this.cursor === null ? "" : `  ${this.valueText(line)}`;
    return element("span", {}, key, line.label + value);
  }

  private valueText({ view }: ChartLine): string {
    const row = indexAt(view, this.cursor ?? 0);
    return formatValue(row < 0 ? null : valueAt(view, row));
  }

  private place(cursor: number, unit: ChartContent["unit"]): HTMLElement {
    const title = axisTitles[unit].toLowerCase();
    const textContent = `${title} ${formatX(cursor, unit)}`;
    return element("span", { className: "faint", textContent });
  }
}

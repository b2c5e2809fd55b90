/**
 * A graph: Chart.js lays out the axes and this window's own code draws the curves between them; above the canvas, the
 * cursor moves without anything on it being drawn again. The component tells it what to show; it draws
 * when a frame has room, and only while it is in view.
 */
import { Chart, LinearScale, LogarithmicScale } from "chart.js";
import { resolveColor } from "./colors";
import { CursorLayer } from "./cursor";
import type { CursorLook } from "./cursor";
import { drawPicture } from "./curves";
import { Gestures } from "./gestures";
import type { Zoomable } from "./gestures";
import { isSmallGrowth } from "./growth";
import type {
  ChartContent,
  ChartLine,
  XRange,
} from "../../shared/curves/chart";
import { drawCrosses, drawLevelLabels, drawLevels, drawMarkers } from "./marks";
import { fullRange, pictureOf } from "../../shared/curves/picture";
import type { Picture } from "../../shared/curves/picture";
import type { Place } from "../../shared/curves/frame";
import { cancelRedraw, redraw } from "./redraw";
import { scalesOf } from "./scales";

Chart.register(LinearScale, LogarithmicScale);

/** Milliseconds that new points which take less than a pixel may wait. */
const patience = 2000;

interface Colors {
  faint: string;
  surface: string;
  bad: string;
  line: string;
}

export class LineChart implements Zoomable {
  private readonly chart: Chart<"line">;
  private readonly layer: CursorLayer;
  private content: ChartContent | null = null;
  private drawn: ChartContent | null = null;
  private later: ReturnType<typeof setTimeout> | undefined;
  /** The content's lines with resolved colours. */
  private lines: ChartLine[] = [];
  private colors: Colors;
  private picture: Picture = { lines: [], extent: null };
  private cursor: number | null = null;
  private samples: number | null = null;
  private chosen: CursorLook["chosen"] = null;
  private inView = true;
  private stale = false;
  private readonly gestures: Gestures;
  private readonly observer: IntersectionObserver;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    /** Of the same size, above. */
    above: HTMLElement,
    /** Told when zooming or panning changes what is in view; null is everything. */
    readonly onRange: (range: XRange | null) => void,
  ) {
    this.colors = this.resolveColors();
    this.layer = new CursorLayer(above);
    this.chart = new Chart(canvas, {
      type: "line",
      data: { datasets: [] },
      plugins: [
        {
          id: "curves",
          beforeDatasetsDraw: () => this.drawInside(),
          afterDraw: () => this.showCursor(),
        },
      ],
      options: {
        animation: false,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 4, right: 16 } },
        onResize: () => this.invalidate(),
      },
    });
    this.gestures = new Gestures(canvas.parentElement ?? canvas, this);
    this.observer = new IntersectionObserver((entries) => {
      this.inView = entries[entries.length - 1].isIntersecting;
      if (this.inView && this.stale) this.invalidate();
    });
    this.observer.observe(canvas);
  }

  show(content: ChartContent): void {
    this.content = content;
    this.lines = content.lines.map((line) => ({
      ...line,
      color: resolveColor(this.canvas, line.color),
    }));
    if (this.drawn && isSmallGrowth(this.drawn, content, this.columns))
      this.later ??= setTimeout(() => this.invalidate(), patience);
    else this.invalidate();
  }

  /** Moves the cursor's line; the curves stay as they are drawn. */
  setCursor(x: number | null): void {
    if (this.cursor === x) return;
    this.cursor = x;
    redraw(this.showCursor, "now");
  }

  /** Moves the mark of the samples that are shown. */
  setSamples(x: number | null): void {
    if (this.samples === x) return;
    this.samples = x;
    redraw(this.showCursor, "now");
  }

  /** Shades a stretch between two pixels of pointer events. */
  choose(stretch: readonly [number, number] | null): void {
    const { left } = this.canvas.getBoundingClientRect();
    this.chosen = stretch && [stretch[0] - left, stretch[1] - left];
    redraw(this.showCursor, "now");
  }

  get plot(): { left: number; right: number } {
    const { left } = this.canvas.getBoundingClientRect();
    const area = this.chart.chartArea;
    return { left: left + area.left, right: left + area.right };
  }

  get full(): XRange | null {
    return fullRange(this.lines);
  }

  get shown(): XRange | null {
    return this.content?.range ?? this.full;
  }

  /** The x value below a pointer, or null outside the picture. */
  valueAt(event: PointerEvent): number | null {
    const { left, right } = this.plot;
    const { shown } = this;
    if (!shown || event.clientX < left || event.clientX > right) return null;
    const share = (event.clientX - left) / (right - left);
    return shown.from + share * (shown.to - shown.from);
  }

  /** After a change of the system's colours. */
  refresh(): void {
    this.colors = this.resolveColors();
    this.drawn = null;
    if (this.content) this.show(this.content);
  }

  destroy(): void {
    clearTimeout(this.later);
    cancelRedraw(this.drawAll);
    cancelRedraw(this.showCursor);
    this.observer.disconnect();
    this.gestures.stop();
    this.chart.destroy();
  }

  private get columns(): number {
    return Math.max(50, this.chart.width);
  }

  private invalidate(): void {
    this.stale = true;
    if (!this.inView) return;
    const used = this.canvas.parentElement?.matches(":hover, :focus");
    redraw(this.drawAll, used ? "first" : "later");
  }

  private readonly drawAll = (): void => {
    if (!this.content) return;
    this.stale = false;
    this.drawn = this.content;
    clearTimeout(this.later);
    this.later = undefined;
    const { unit, yScale, range, yBounds } = this.content;
    this.picture = pictureOf(this.lines, range, this.columns);
    this.chart.options.scales = scalesOf({
      unit,
      yScale,
      yBounds,
      x: this.shown,
      extent: this.picture.extent,
      colors: { line: this.colors.line, text: this.colors.faint },
      family: getComputedStyle(this.canvas).fontFamily,
    });
    this.chart.update("none");
  };

  private drawInside(): void {
    const { content, picture } = this;
    // Chart.js draws by itself where it is resized, and before our first drawing has no axes to stand on.
    if (!content || !this.drawn) return;
    const { place } = this;
    const { ctx, chartArea: area } = this.chart;
    const { bad, faint } = this.colors;
    ctx.save();
    ctx.beginPath();
    ctx.rect(area.left, area.top - 1, area.width, area.height + 2);
    ctx.clip();
    drawLevels(ctx, area, place, content.levels, faint);
    drawMarkers(ctx, area, place, content.markers, { plain: faint, bad });
    drawPicture(ctx, place, picture);
    for (const { crosses, stroke } of picture.lines)
      drawCrosses(ctx, area, place, crosses, stroke.color);
    drawLevelLabels(ctx, area, place, content.levels, this.colors);
    ctx.restore();
  }

  private readonly showCursor = (): void => {
    // Before the first drawing there are no axes to stand on.
    if (!this.content || !this.drawn) return;
    const { chosen, content, cursor, samples } = this;
    const { lines } = content;
    this.layer.show(this.chart.chartArea, this.place, {
      chosen,
      cursor,
      place: samples,
      lines,
    });
  };

  /** Straight lines between the ends of each axis, on which a logarithmic one is straight too. */
  private get place(): Place {
    const { x, y } = this.chart.scales;
    const { bottom, left, right, top } = this.chart.chartArea;
    const xUnit = (right - left) / (x.max - x.min);
    const isLog = this.content?.yScale === "logarithmic";
    const straight = isLog ? Math.log10 : (value: number) => value;
    const low = straight(y.min);
    const yUnit = (bottom - top) / (straight(y.max) - low);
    return {
      x: (value) => left + (value - x.min) * xUnit,
      // Below what a logarithm knows is below the picture.
      y: (value) =>
        isLog && value <= 0
          ? bottom + 10
          : bottom - (straight(value) - low) * yUnit,
    };
  }

  private resolveColors(): Colors {
    const color = (name: string) => resolveColor(this.canvas, `var(--${name})`);
    return {
      faint: color("text-faint"),
      surface: color("surface"),
      bad: color("bad"),
      line: color("line"),
    };
  }
}

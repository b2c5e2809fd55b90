/** The samples of all runs under one slider, and one tile of them large. */
import type { ReportRun } from "../shared/report";
import { runs } from "./data";
import { element, faint, section } from "./elements";
import { GalleryFigure } from "./gallery-figure";

/** Milliseconds that each step is shown while it plays. */
const pace = 125;

export class Gallery {
  /** Every step that has a picture of any run. */
  private readonly stops = [
    ...new Set(runs.flatMap((run) => run.samples.map(({ step }) => step))),
  ].sort((a, b) => a - b);
  private place = this.stops.length - 1;
  private tile: number | null = null;
  private timer: number | null = null;
  private readonly listeners: (() => void)[] = [];
  private readonly figures = runs.flatMap((run, index) =>
    run.samples.length > 0
      ? [new GalleryFigure(run, index, (tile) => this.choose(tile))]
      : [],
  );

  /** The step that is shown; undefined where there is no picture. */
  get step(): number | undefined {
    return this.stops[this.place];
  }

  /** Called after each move. */
  onMove(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Nothing where no run has a picture. */
  show(): void {
    if (this.stops.length === 0) return;
    section(
      "Samples",
      element("div", { className: "controls" }, this.player(), this.slider()),
      element(
        "div",
        { className: "gallery" },
        ...this.figures.map(({ small }) => small),
      ),
      element(
        "div",
        { className: "tiles" },
        ...this.figures.map(({ large }) => large),
      ),
      ...runs.filter(isThinned).map(thinnedSentence),
      faint(
        "Click a tile to see it large; runs with the same latent size share their noise, so tiles correspond.",
      ),
    );
    this.move(this.place);
  }

  private move(to: number): void {
    this.place = to;
    const step = this.stops[to];
    for (const figure of this.figures) figure.show(step, this.tile);
    for (const listener of this.listeners) listener();
  }

  private choose(tile: number | null): void {
    this.tile = tile === this.tile ? null : tile;
    this.move(this.place);
  }

  private slider(): HTMLElement {
    const input = element("input", {
      type: "range",
      min: "0",
      max: String(this.stops.length - 1),
      ariaLabel: "Step",
    });
    const output = element("output");
    input.addEventListener("input", () => this.move(input.valueAsNumber));
    this.onMove(() => {
      input.value = String(this.place);
      input.ariaValueText = output.textContent = `step ${this.step}`;
    });
    return element("label", { className: "wide" }, input, output);
  }

  private player(): HTMLElement {
    const button = element("button", { type: "button", textContent: "Play" });
    button.addEventListener("click", () => {
      if (this.timer === null)
        this.timer = window.setInterval(() => {
          this.move((this.place + 1) % this.stops.length);
        }, pace);
      else {
        clearInterval(this.timer);
        this.timer = null;
      }
      button.textContent = this.timer === null ? "Play" : "Stop";
    });
    return button;
  }
}

function isThinned(run: ReportRun): boolean {
  return run.samples.length > 0 && run.samples.length < run.savedSamples;
}

function thinnedSentence(run: ReportRun): HTMLElement {
  return faint(
    `${run.record.name}: ${run.samples.length} of ${run.savedSamples} saved steps are in this file, evenly spread.`,
  );
}

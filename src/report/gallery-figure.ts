/** The samples of one run at a step: the whole grid, and the chosen tile of it large. */
import { nearestIndex } from "../shared/curves/search";
import type { ReportGrid, ReportRun } from "../shared/report";
import { names } from "./data";
import { element, heading } from "./elements";

export class GalleryFigure {
  readonly small: HTMLElement;
  readonly large: HTMLElement;
  private readonly image = element("img");
  private readonly mark = element("span", { className: "mark", hidden: true });
  private readonly words = element("span", { className: "faint" });
  private readonly canvas = element("canvas");

  constructor(
    private readonly run: ReportRun,
    private readonly index: number,
    choose: (tile: number | null) => void,
  ) {
    this.small = element(
      "figure",
      {},
      this.image,
      this.mark,
      element("figcaption", {}, heading(index), element("br"), this.words),
    );
    this.large = element(
      "figure",
      { hidden: true },
      this.canvas,
      element("figcaption", { textContent: names[index] }),
    );
    this.image.addEventListener("click", (event) => {
      if (run.grid) choose(tileAt(run.grid, this.image, event));
    });
  }

  /** The picture of the step nearest to `step`, and a tile of it large. */
  show(step: number, tile: number | null): void {
    const { samples, grid } = this.run;
    const steps = samples.map((one) => one.step);
    const sample = samples[nearestIndex(steps, step)];
    this.image.src = sample.picture;
    this.image.alt = `Samples of ${names[this.index]} at step ${sample.step}`;
    this.words.textContent =
      sample.step === step
        ? `step ${sample.step}`
        : `step ${sample.step}, the nearest to ${step}`;
    const isShown = grid !== null && tile !== null && tile < grid.count;
    this.mark.hidden = this.large.hidden = !isShown;
    if (isShown) this.enlarge(grid, tile);
  }

  private enlarge(grid: ReportGrid, tile: number): void {
    const { image, canvas } = this;
    const { x, y } = placeOf(grid, tile);
    const scale = image.clientWidth / sizeOf(grid).width;
    Object.assign(this.mark.style, {
      left: `${x * scale}px`,
      top: `${y * scale}px`,
      width: `${grid.size * scale}px`,
      height: `${grid.size * scale}px`,
    });
    canvas.width = canvas.height = grid.size;
    image.decode().then(
      () => canvas.getContext("2d")?.drawImage(image, -x, -y),
      // Another step was chosen meanwhile.
      () => undefined,
    );
  }
}

function columnsOf(grid: ReportGrid): number {
  return Math.min(grid.perRow, grid.count);
}

function sizeOf(grid: ReportGrid): { width: number; height: number } {
  const pitch = grid.size + grid.padding;
  const columns = columnsOf(grid);
  return {
    width: columns * pitch + grid.padding,
    height: Math.ceil(grid.count / columns) * pitch + grid.padding,
  };
}

/** The upper left pixel of a tile. */
function placeOf(grid: ReportGrid, tile: number): { x: number; y: number } {
  const pitch = grid.size + grid.padding;
  const columns = columnsOf(grid);
  return {
    x: grid.padding + (tile % columns) * pitch,
    y: grid.padding + Math.floor(tile / columns) * pitch,
  };
}

/** The tile under the pointer; null between the last tile and the end. */
function tileAt(
  grid: ReportGrid,
  image: HTMLImageElement,
  event: MouseEvent,
): number | null {
  const box = image.getBoundingClientRect();
  const whole = sizeOf(grid);
  const pitch = grid.size + grid.padding;
  const at = (share: number, pixels: number) =>
    Math.floor((share * pixels - grid.padding / 2) / pitch);
  const column = at((event.clientX - box.left) / box.width, whole.width);
  const row = at((event.clientY - box.top) / box.height, whole.height);
  const tile = row * columnsOf(grid) + column;
  return tile >= 0 && tile < grid.count ? tile : null;
}

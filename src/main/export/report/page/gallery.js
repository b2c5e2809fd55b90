/* The samples under one slider, and one tile large. */
import { runs } from "./data.js";
import { element, section, names, heading } from "./elements.js";

export const stops = [
  ...new Set(runs.flatMap((run) => run.samples.map((sample) => sample.step))),
].sort((a, b) => a - b);
export let place = stops.length - 1;
export let tile = null;
export const afterMove = [];

export function nearest(samples, step) {
  return samples.reduce(
    (best, sample) =>
      best && Math.abs(best.step - step) <= Math.abs(sample.step - step)
        ? best
        : sample,
    null,
  );
}

function boxOf(grid, index) {
  const pitch = grid.size + grid.padding;
  const columns = Math.min(grid.perRow, grid.count);
  return {
    x: grid.padding + (index % columns) * pitch,
    y: grid.padding + Math.floor(index / columns) * pitch,
    width: columns * pitch + grid.padding,
    height: Math.ceil(grid.count / columns) * pitch + grid.padding,
  };
}

function tileAt(grid, image, event) {
  const box = image.getBoundingClientRect();
  const whole = boxOf(grid, 0);
  const pitch = grid.size + grid.padding;
  const column = Math.floor(
    (((event.clientX - box.left) / box.width) * whole.width -
      grid.padding / 2) /
      pitch,
  );
  const row = Math.floor(
    (((event.clientY - box.top) / box.height) * whole.height -
      grid.padding / 2) /
      pitch,
  );
  const index = row * Math.min(grid.perRow, grid.count) + column;
  return index >= 0 && index < grid.count ? index : null;
}

function galleryFigure(run, index) {
  const image = element("img", { alt: "" });
  const mark = element("span", { className: "mark", hidden: true });
  const words = element("span", { className: "faint" });
  image.addEventListener("click", (event) => {
    if (!run.grid) return;
    const chosen = tileAt(run.grid, image, event);
    tile = chosen === tile ? null : chosen;
    move(place);
  });
  const canvas = element("canvas", {});
  const large = element(
    "figure",
    { hidden: true },
    canvas,
    element("figcaption", { textContent: names[index] }),
  );
  function show() {
    const sample = nearest(run.samples, stops[place]);
    if (!sample) return;
    image.src = sample.picture;
    image.alt = `Samples of ${names[index]} at step ${sample.step}`;
    words.textContent =
      sample.step === stops[place]
        ? `step ${sample.step}`
        : `step ${sample.step}, the nearest to ${stops[place]}`;
    showTile(run.grid, image, mark, canvas, large);
  }
  afterMove.push(show);
  return {
    small: element(
      "figure",
      {},
      image,
      mark,
      element("figcaption", {}, heading(index), element("br"), words),
    ),
    large,
  };
}

function showTile(grid, image, mark, canvas, large) {
  const visible = grid !== null && tile !== null && tile < grid.count;
  mark.hidden = large.hidden = !visible;
  if (!visible) return;
  const box = boxOf(grid, tile);
  Object.assign(mark.style, {
    left: `${(box.x / box.width) * 100}%`,
    top: `${(box.y / box.width) * image.clientWidth}px`,
    width: `${(grid.size / box.width) * 100}%`,
    height: `${(grid.size / box.width) * image.clientWidth}px`,
  });
  canvas.width = canvas.height = grid.size;
  image.decode().then(
    () => canvas.getContext("2d").drawImage(image, -box.x, -box.y),
    () => undefined,
  );
}

export function move(to) {
  place = Math.max(0, Math.min(stops.length - 1, to));
  for (const show of afterMove) show();
}

function samplesSection() {
  const slider = element("input", {
    type: "range",
    min: "0",
    max: String(stops.length - 1),
    value: String(place),
  });
  slider.setAttribute("aria-label", "Step");
  const step = element("output", {});
  slider.addEventListener("input", () => move(Number(slider.value)));
  let timer = null;
  const play = element("button", { type: "button", textContent: "Play" });
  play.addEventListener("click", () => {
    if (timer === null)
      timer = setInterval(
        () => move(place + 1 < stops.length ? place + 1 : 0),
        125,
      );
    else timer = clearInterval(timer) ?? null;
    play.textContent = timer === null ? "Play" : "Stop";
  });
  afterMove.push(() => {
    slider.value = String(place);
    slider.setAttribute("aria-valuetext", `step ${stops[place]}`);
    step.textContent = `step ${stops[place]}`;
  });
  const withSamples = runs
    .map((run, index) => [run, index])
    .filter(([run]) => run.samples.length > 0);
  const figures = withSamples.map(([run, index]) => galleryFigure(run, index));
  section(
    "Samples",
    element(
      "div",
      { className: "controls" },
      play,
      element("label", { className: "wide" }, slider, step),
    ),
    element(
      "div",
      { className: "gallery" },
      ...figures.map((one) => one.small),
    ),
    element("div", { className: "tiles" }, ...figures.map((one) => one.large)),
    ...withSamples
      .filter(([run]) => run.samples.length < run.savedSamples)
      .map(([run]) =>
        element("p", {
          className: "faint",
          textContent: `${run.record.name}: ${run.samples.length} of ${run.savedSamples} saved steps are in this file, evenly spread.`,
        }),
      ),
    element("p", {
      className: "faint",
      textContent:
        "Click a tile to see it large; runs with the same latent size share their noise, so tiles correspond.",
    }),
  );
  move(place);
}
if (stops.length > 0) samplesSection();

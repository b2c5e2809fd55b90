/* The picture of the curves and its legend. */
import { runs } from "./data.js";
import { element, drawn } from "./elements.js";
import { view, curves } from "./curves.js";
import { ticks, short, axisText, size, makeScale } from "./scale.js";

export const plot = drawn("svg", {
  class: "plot",
  viewBox: `0 0 ${size.width} ${size.height}`,
  role: "img",
  "aria-label": "Curves of the metrics",
});
export const legend = element("div", { className: "legend" });
export let scale = null;

export function path(xs, ys) {
  let text = "";
  let pen = "M";
  const from = xs.findIndex((x) => x >= scale.x0) - 1;
  for (let index = Math.max(0, from); index < xs.length; index++) {
    const y = scale.y(ys[index]);
    if (Number.isFinite(y)) {
      text += `${pen}${scale.x(xs[index]).toFixed(1)} ${y.toFixed(1)}`;
      pen = "L";
    } else pen = "M";
    if (xs[index] > scale.x1) break;
  }
  return text;
}

export function drawCurves() {
  const lines = curves();
  scale = makeScale(lines);
  const clip = drawn("clipPath", { id: "inside" });
  clip.append(
    drawn("rect", {
      x: size.left,
      y: size.top,
      width: size.right - size.left,
      height: size.bottom - size.top,
    }),
  );
  const group = drawn("g", { "clip-path": "url(#inside)" });
  plot.replaceChildren(clip);
  for (const tick of ticks(scale.y0, scale.y1, 7)) {
    const value = view.log ? 10 ** tick : tick;
    const y = scale.y(value);
    plot.append(
      drawn("line", {
        class: "grid",
        x1: size.left,
        x2: size.right,
        y1: y,
        y2: y,
      }),
      drawn(
        "text",
        { x: size.left - 8, y: y + 4, "text-anchor": "end" },
        short(value),
      ),
    );
  }
  for (const tick of ticks(scale.x0, scale.x1, 8))
    plot.append(
      drawn(
        "text",
        { x: scale.x(tick), y: size.bottom + 20, "text-anchor": "middle" },
        axisText(tick),
      ),
    );
  const levels = view.common
    ? [
        ...new Set(
          runs.flatMap((run) => (run.lossScale ? [run.lossScale.level] : [])),
        ),
      ]
    : [];
  for (const level of levels) {
    const y = scale.y(level);
    group.append(
      drawn("line", {
        class: "level",
        x1: size.left,
        x2: size.right,
        y1: y,
        y2: y,
      }),
      drawn(
        "text",
        { x: size.right - 4, y: y - 4, "text-anchor": "end" },
        "D in balance",
      ),
    );
  }
  if (view.smoothing > 0)
    for (const line of lines)
      group.append(
        drawn("path", {
          class: "raw",
          stroke: line.color,
          d: path(line.x, line.raw),
        }),
      );
  for (const line of lines)
    group.append(
      drawn("path", {
        class: "curve",
        stroke: line.color,
        "stroke-dasharray": line.dash,
        d: path(line.x, line.y),
      }),
    );
  plot.append(group);
  drawLegend(lines);
}

export function valueAt(line, x) {
  let low = 0;
  let high = line.x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (line.x[middle] <= x) low = middle + 1;
    else high = middle;
  }
  return low > 0 ? line.y[low - 1] : NaN;
}

export function drawLegend(lines) {
  plot.querySelector(".cursor")?.remove();
  if (view.cursor !== null) {
    const x = scale.x(view.cursor);
    plot.append(
      drawn("line", {
        class: "cursor",
        x1: x,
        x2: x,
        y1: size.top,
        y2: size.bottom,
      }),
    );
  }
  legend.replaceChildren(
    ...lines.map((line) => {
      const key = drawn("svg", { viewBox: "0 0 28 8" });
      key.append(
        drawn("line", {
          x1: 0,
          x2: 28,
          y1: 4,
          y2: 4,
          stroke: line.color,
          "stroke-width": 2,
          "stroke-dasharray": line.dash,
        }),
      );
      const value =
        view.cursor === null ? "" : `  ${short(valueAt(line, view.cursor))}`;
      return element("span", {}, key, line.label + value);
    }),
    view.cursor === null
      ? ""
      : element("span", {
          className: "faint",
          textContent: `${view.axis} ${axisText(view.cursor)}`,
        }),
  );
}

export function zoomTo(from, to) {
  const [first, last] = scale.whole;
  const low = Math.max(first, Math.min(from, to));
  const high = Math.min(last, Math.max(from, to));
  view.range = high - low >= last - first ? null : [low, high];
  if (high > low) drawCurves();
}

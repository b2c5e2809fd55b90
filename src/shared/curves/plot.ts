/** Axes and curves as SVG, without title and legend: the drawing that exports and the report share. */
import type { ChartContent } from "./chart";
import { outlinePoints } from "./decimate";
import type { Outline } from "./decimate";
import { drawn } from "./drawing";
import type { Drawn } from "./drawing";
import { frameOf } from "./frame";
import type { Frame, PlotArea } from "./frame";
import { pictureOf } from "./picture";
import type { Cross, Picture, Stroke } from "./picture";

/** CSS colours. */
export interface PlotColors {
  text: string;
  grid: string;
  axis: string;
  level: string;
}

export interface Plot {
  frame: Frame;
  parts: Drawn[];
}

/** The chart within `area` of a picture; the labels of its ticks stand to the left and below. */
export function drawPlot(
  content: ChartContent,
  area: PlotArea,
  colors: PlotColors,
): Plot {
  const picture = pictureOf(
    content.lines,
    content.range,
    Math.ceil(area.right - area.left),
  );
  const frame = frameOf(content, picture, area);
  return {
    frame,
    parts: [
      ...axes(frame, colors),
      drawn("clipPath", { id: "plot" }, areaBox(area)),
      drawn(
        "g",
        {
          "clip-path": "url(#plot)",
          fill: "none",
          "stroke-linejoin": "round",
        },
        ...curves(picture, frame),
        ...content.levels.map(({ y }) => levelLine(y, frame, colors)),
      ),
      ...content.levels.map(({ y, label }) =>
        drawn(
          "text",
          {
            x: area.right - 4,
            y: place(frame.y(y) - 5),
            "text-anchor": "end",
            fill: colors.level,
          },
          label,
        ),
      ),
    ],
  };
}

/** The sample of a line in a legend, as wide as `width`. */
export function lineKey(
  { color, dash }: { color: string; dash?: readonly number[] },
  x: number,
  y: number,
  width: number,
): Drawn {
  return drawn("line", {
    ...{ x1: x, x2: x + width, y1: y, y2: y },
    ...strokeOf({ color, dash, width: 2 }),
  });
}

function axes({ area, xTicks, yTicks, ...frame }: Frame, colors: PlotColors) {
  const { left, right, top, bottom } = area;
  const line = (
    stroke: string,
    x1: number,
    y1: number,
    x2: number,
    y2: number,
  ) => drawn("line", { x1, x2, y1, y2, stroke });
  const label = (text: string, x: number, y: number, anchor: string) =>
    drawn("text", { x, y, "text-anchor": anchor, fill: colors.text }, text);
  return [
    ...yTicks.flatMap(({ value, text }) => {
      const y = place(frame.y(value));
      return [
        line(colors.grid, left, y, right, y),
        label(text, left - 8, y + 4, "end"),
      ];
    }),
    ...xTicks.flatMap(({ value, text }) => {
      const x = place(frame.x(value));
      return [
        line(colors.axis, x, bottom, x, bottom + 5),
        label(text, x, bottom + 19, "middle"),
      ];
    }),
    line(colors.axis, left, bottom, right, bottom),
    line(colors.axis, left, top, left, bottom),
  ];
}

/** Bands, single seeds and raw curves lie behind all others. */
function curves({ lines }: Picture, frame: Frame): Drawn[] {
  return [
    ...lines.flatMap(({ band, faint, members, stroke }) => [
      ...(band ? [bandPath(band, frame, stroke.color)] : []),
      ...members.map((member) =>
        curvePath(
          member,
          frame,
          { color: stroke.color, width: 0.75 },
          { class: "seed", "stroke-opacity": 0.5 },
        ),
      ),
      ...(faint
        ? [
            curvePath(
              faint,
              frame,
              { color: stroke.color, width: 1 },
              { class: "raw", "stroke-opacity": 0.25 },
            ),
          ]
        : []),
    ]),
    ...lines.map(({ curve, stroke }) =>
      curvePath(curve, frame, stroke, { class: "curve" }),
    ),
    ...lines
      .filter(({ crosses }) => crosses.length > 0)
      .map(({ crosses, stroke }) => crossPath(crosses, frame, stroke.color)),
  ];
}

function curvePath(
  outline: Outline,
  frame: Frame,
  stroke: Stroke,
  attributes: Drawn["attributes"],
): Drawn {
  const { xs, ys } = outlinePoints(outline);
  const points = xs.map((x, at) => pointText(frame, x, ys[at]));
  if (points.length === 1) return dot(points[0], stroke.color, attributes);
  return drawn("path", {
    ...attributes,
    ...strokeOf(stroke),
    d: points.length > 0 ? `M${points.join("L")}` : "",
  });
}

/** A curve of a single point. */
function dot(
  point: string,
  stroke: string,
  attributes: Drawn["attributes"],
): Drawn {
  return drawn("path", {
    ...attributes,
    ...{ stroke, "stroke-width": 5, "stroke-linecap": "round" },
    d: `M${point}h0`,
  });
}

function bandPath({ lows, highs }: Outline, frame: Frame, color: string) {
  const over = highs.xs.map((x, at) => pointText(frame, x, highs.ys[at]));
  const under = lows.xs.map((x, at) => pointText(frame, x, lows.ys[at]));
  const edge = [...over, ...under.reverse()].join("L");
  return drawn("path", {
    class: "band",
    fill: color,
    "fill-opacity": 0.18,
    d: edge && `M${edge}Z`,
  });
}

function crossPath(
  crosses: readonly Cross[],
  frame: Frame,
  stroke: string,
): Drawn {
  const { top, bottom } = frame.area;
  const d = crosses.map(({ x, edge }) => {
    const y = edge === "bottom" ? bottom - 5 : top + 5;
    return `M${place(frame.x(x)) - 3} ${y - 3}l6 6m-6 0l6 -6`;
  });
  return drawn("path", { class: "crosses", stroke, d: d.join("") });
}

function levelLine(y: number, frame: Frame, { level }: PlotColors): Drawn {
  const { left, right } = frame.area;
  const at = place(frame.y(y));
  return drawn("line", {
    ...{ x1: left, x2: right, y1: at, y2: at },
    stroke: level,
    "stroke-dasharray": "2 4",
  });
}

export function areaBox({ left, right, top, bottom }: PlotArea): Drawn {
  return drawn("rect", {
    ...{ x: left, y: top },
    ...{ width: right - left, height: bottom - top },
  });
}

function strokeOf({ color, width, dash }: Stroke): Drawn["attributes"] {
  return {
    stroke: color,
    "stroke-width": width,
    ...(dash ? { "stroke-dasharray": dash.join(" ") } : {}),
  };
}

function pointText(frame: Frame, x: number, y: number): string {
  return `${place(frame.x(x))} ${place(frame.y(y))}`;
}

/** A tenth of a pixel is enough. */
function place(value: number): number {
  return Math.round(value * 10) / 10;
}

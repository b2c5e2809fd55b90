/* From figures to places in the picture of the curves. */
import { view } from "./curves.js";
import { duration } from "./facts.js";

export function extent(lists, keep) {
  let low = Infinity;
  let high = -Infinity;
  for (const list of lists)
    for (const value of list)
      if (Number.isFinite(value) && keep(value)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
  return low <= high ? [low, high] : [0, 1];
}

export function ticks(low, high, count) {
  const rough = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => rough / power <= factor);
  const made = [];
  for (
    let at = Math.ceil(low / step) * step;
    at <= high + step * 1e-9;
    at += step
  )
    made.push(Math.abs(at) < step * 1e-9 ? 0 : at);
  return made;
}

export function short(value) {
  if (value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-3))
    return value.toExponential(1);
  return String(Number(value.toPrecision(4)));
}

export function axisText(value) {
  if (view.axis === "wall") return new Date(value * 1000).toLocaleTimeString();
  return view.axis === "relative" ? duration(value) : short(value);
}

export const size = {
  width: 1072,
  height: 420,
  left: 56,
  right: 1040,
  top: 8,
  bottom: 388,
};

export function makeScale(lines) {
  const whole = extent(
    lines.map((line) => line.x),
    () => true,
  );
  const [x0, x1] = view.range ?? whole;
  const inside = (line) =>
    line.y.filter((_, index) => line.x[index] >= x0 && line.x[index] <= x1);
  const turn = view.log ? Math.log10 : (value) => value;
  let [y0, y1] = extent(
    lines.map(inside),
    (value) => !view.log || value > 0,
  ).map(turn);
  const air = (y1 - y0) * 0.05 || 1;
  [y0, y1] = [y0 - air, y1 + air];
  return {
    whole,
    x0,
    x1,
    y0,
    y1,
    x: (value) =>
      size.left + ((value - x0) / (x1 - x0 || 1)) * (size.right - size.left),
    y: (value) =>
      size.bottom - ((turn(value) - y0) / (y1 - y0)) * (size.bottom - size.top),
    back: (pixel) =>
      x0 + ((pixel - size.left) / (size.right - size.left)) * (x1 - x0),
  };
}

/* Which curves are shown, and their figures. */
import { runs, several } from "./data.js";
import { names } from "./elements.js";

export const figure = (value) =>
  typeof value === "number" ? value : Number(value);
export const tags = [
  ...new Set(runs.flatMap((run) => run.metrics.flatMap((group) => group.tags))),
];
export const losses = tags.filter(
  (tag) => tag === "loss/discriminator" || tag === "loss/generator",
);
export const view = {
  tags: new Set(losses.length ? losses : tags.slice(0, 2)),
  axis: "step",
  smoothing: 0,
  log: false,
  common: false,
  range: null,
  cursor: null,
};
export const dashes = ["", "12 3", "3 3", "12 3 3 3"];
export const single = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#56b4e9",
  "#e69f00",
  "#7f5fc1",
  "#808080",
];

export function smooth(values, weight) {
  let average = 0;
  let counted = 0;
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    counted++;
    average = weight * average + (1 - weight) * value;
    return average / (1 - weight ** counted);
  });
}

function axisOf(group, run) {
  switch (view.axis) {
    case "epoch":
      return group.steps.map(
        (step) => step / (run.record.progress.stepsPerEpoch || 1),
      );
    case "relative":
      return group.times.map((time) => time - group.times[0]);
    case "wall":
      return group.times;
    default:
      return group.steps;
  }
}

export function curves() {
  const chosen = tags.filter((tag) => view.tags.has(tag));
  return runs.flatMap((run, index) =>
    chosen.flatMap((tag, metric) => {
      const group = run.metrics.find((one) => one.tags.includes(tag));
      if (!group || group.steps.length === 0) return [];
      const factor =
        view.common && run.lossScale && tag.startsWith("loss/disc")
          ? run.lossScale.factor
          : 1;
      const raw = group.values[group.tags.indexOf(tag)].map(
        (value) => figure(value) * factor,
      );
      return [
        {
          label: several ? `${names[index]}: ${tag}` : tag,
          color: several
            ? run.color
            : single[tags.indexOf(tag) % single.length],
          dash: several ? dashes[metric % 4] : "",
          x: axisOf(group, run),
          raw,
          y: view.smoothing > 0 ? smooth(raw, view.smoothing) : raw,
        },
      ];
    }),
  );
}

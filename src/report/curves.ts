/** The curves with their controls. */
import { mainMetrics, metricTitle } from "../shared/metrics";
import {
  axisTitles,
  axisUnits,
  clockUnknown,
  knownAxis,
} from "../shared/curves/axis";
import type { AxisUnit } from "../shared/curves/axis";
import type { ChartContent } from "../shared/curves/chart";
import { balanceLevels } from "../shared/curves/loss-scale";
import { curvesOf, linesOfMetrics } from "../shared/comparison/lines";
import { linesOf } from "../shared/curves/run-curves";
import { configurations, overSeeds, runs, sources, tags } from "./data";
import { element, faint, section } from "./elements";
import { Plot } from "./plot";
import { makeZoomable, zoomButtons } from "./zoom";

const losses = mainMetrics.filter((tag) => tags.includes(tag));
const plot = new Plot();
const shown = new Set<string>(losses.length > 0 ? losses : tags.slice(0, 2));
const view = {
  axis: "step" as AxisUnit,
  smoothing: 0,
  commonScale: false,
  yScale: "linear" as ChartContent["yScale"],
  range: null as ChartContent["range"],
  /** Runs that differ only in their seed as one curve. */
  together: overSeeds,
};
const configurationCurves = curvesOf(
  configurations,
  runs.map(({ record }, index) => ({ record, curves: sources[index] })),
);

/** Nothing where no run has a metric. */
export function curvesSection(): void {
  if (tags.length === 0) return;
  section(
    "Curves",
    element("div", { className: "controls" }, ...tags.map(metricControl)),
    element(
      "div",
      { className: "controls" },
      ...viewControls(),
      ...zoomButtons(plot, showRange),
    ),
    plot.root,
    plot.legend,
    faint("Drag across the picture to zoom in, double-click to see all."),
    ...runs
      .filter(({ rows }) => rows.kept < rows.all)
      .map(({ record, rows }) =>
        faint(
          `${record.name}: ${rows.kept} of ${rows.all} rows are in this file, every extreme among them; the CSV export has all.`,
        ),
      ),
  );
  makeZoomable(plot, showRange);
  draw();
}

function draw(): void {
  const { axis, range, yScale, commonScale } = view;
  const chosen = tags.filter((tag) => shown.has(tag));
  const hasLevels = commonScale && chosen.includes("loss/discriminator");
  plot.draw({
    lines: view.together
      ? linesOfMetrics(configurationCurves, chosen, view)
      : linesOf(sources, chosen, view, tags),
    unit: axis,
    yScale,
    range,
    yBounds: null,
    markers: [],
    levels: hasLevels ? balanceLevels(sources.map((run) => run.objective)) : [],
  });
}

function showRange(range: ChartContent["range"]): void {
  view.range = range;
  draw();
}

function metricControl(tag: string): HTMLElement {
  return check(metricTitle(tag), shown.has(tag), (checked) => {
    if (checked) shown.add(tag);
    else shown.delete(tag);
  });
}

function viewControls(): HTMLElement[] {
  return [
    axisControl(),
    smoothingControl(),
    check("logarithmic", false, (checked) => {
      view.yScale = checked ? "logarithmic" : "linear";
    }),
    ...(overSeeds
      ? [
          check("seeds together", true, (checked) => {
            view.together = checked;
          }),
        ]
      : []),
    check("common loss scale", false, (checked) => {
      view.commonScale = checked;
    }),
  ];
}

function axisControl(): HTMLElement {
  const hasEpochs = sources.some(({ stepsPerEpoch }) => stepsPerEpoch > 0);
  const options = axisUnits.map((value) =>
    element("option", {
      value,
      textContent:
        value === "wall" && !isKnown(value)
          ? capitalized(clockUnknown)
          : axisTitles[value],
      disabled: value === "epoch" ? !hasEpochs : !isKnown(value),
    }),
  );
  const input = element("select", {}, ...options);
  return control("x axis", input, () => {
    view.axis = axisUnits[input.selectedIndex];
    view.range = null;
  });
}

/** Whether every run's log tells it. */
function isKnown(axis: AxisUnit): boolean {
  const clocks = runs.map(({ record }) => record.clock);
  return knownAxis(axis, clocks) === axis;
}

function capitalized(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}

function smoothingControl(): HTMLElement {
  const output = element("output", { textContent: "0.00" });
  const input = element("input", { type: "range", max: "0.99", step: "0.01" });
  input.value = "0";
  const made = control("smoothing", input, () => {
    view.smoothing = input.valueAsNumber;
    output.textContent = view.smoothing.toFixed(2);
  });
  made.append(output);
  return made;
}

function check(
  label: string,
  checked: boolean,
  change: (checked: boolean) => void,
): HTMLElement {
  const input = element("input", { type: "checkbox", checked });
  return control(label, input, () => change(input.checked));
}

function control(
  label: string,
  input: HTMLElement,
  change: () => void,
): HTMLElement {
  input.addEventListener("input", () => {
    change();
    draw();
  });
  return element("label", {}, input, label);
}

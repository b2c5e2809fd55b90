/* The curves with their controls. */
import { runs } from "./data.js";
import { element, section } from "./elements.js";
import { tags, view } from "./curves.js";
import { plot, legend, drawCurves } from "./plot.js";
import { makeZoomable, zoomButtons } from "./zoom.js";

export function control(label, input, change) {
  input.addEventListener("input", () => {
    change(input);
    drawCurves();
  });
  return element("label", {}, input, label);
}

export function curvesSection() {
  const metrics = tags.map((tag) =>
    control(
      tag,
      element("input", { type: "checkbox", checked: view.tags.has(tag) }),
      (input) => {
        if (input.checked) view.tags.add(tag);
        else view.tags.delete(tag);
      },
    ),
  );
  const axis = element(
    "select",
    {},
    ...["step", "epoch", "relative", "wall"].map((name) =>
      element("option", { value: name, textContent: name }),
    ),
  );
  const controls = [
    control("x axis", axis, (input) => {
      view.axis = input.value;
      view.range = null;
    }),
    control(
      "smoothing",
      element("input", {
        type: "range",
        min: "0",
        max: "0.99",
        step: "0.01",
        value: "0",
      }),
      (input) => {
        view.smoothing = Number(input.value);
      },
    ),
    control("logarithmic", element("input", { type: "checkbox" }), (input) => {
      view.log = input.checked;
    }),
    control(
      "common loss scale",
      element("input", { type: "checkbox" }),
      (input) => {
        view.common = input.checked;
      },
    ),
  ];
  section(
    "Curves",
    element("div", { className: "controls" }, ...metrics),
    element("div", { className: "controls" }, ...controls, ...zoomButtons()),
    plot,
    legend,
    element("p", {
      className: "faint",
      textContent:
        "Drag across the picture to zoom in, double-click to see all.",
    }),
    ...runs
      .filter(({ rows }) => rows.kept < rows.all)
      .map(({ record, rows }) =>
        element("p", {
          className: "faint",
          textContent: `${record.name}: ${rows.kept} of ${rows.all} rows are in this file, every extreme among them; the CSV export has all.`,
        }),
      ),
  );
  makeZoomable();
  drawCurves();
}
if (tags.length > 0) curvesSection();

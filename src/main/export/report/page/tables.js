/* Figures, settings, environment, how to reproduce it, and the raw data. */
import { data, runs, several } from "./data.js";
import { element, section, table, heading } from "./elements.js";
import { figure, tags } from "./curves.js";
import { short } from "./scale.js";
import { stops, place, afterMove } from "./gallery.js";

export function atStep(run, tag, step) {
  const group = run.metrics.find((one) => one.tags.includes(tag));
  if (!group) return "";
  let row = -1;
  for (
    let index = 0;
    index < group.steps.length && group.steps[index] <= step;
    index++
  )
    row = index;
  return row < 0
    ? ""
    : short(figure(group.values[group.tags.indexOf(tag)][row]));
}

function figuresSection() {
  const holder = element("div", {});
  const show = () => {
    const step = stops[place];
    const head = [
      "metric",
      ...(several ? ["run"] : []),
      "last",
      "smallest",
      "at step",
      "largest",
      "at step",
    ];
    const rows = tags.flatMap((tag) =>
      runs.flatMap((run, index) => {
        const summary = run.record.summary[tag];
        if (!summary) return [];
        const cell = (value) => (value === null ? "" : short(value));
        return [
          [
            tag,
            ...(several ? [heading(index)] : []),
            cell(summary.last),
            cell(summary.min),
            String(summary.minStep ?? ""),
            cell(summary.max),
            String(summary.maxStep ?? ""),
            ...(step === undefined ? [] : [atStep(run, tag, step)]),
          ],
        ];
      }),
    );
    holder.replaceChildren(
      table(step === undefined ? head : [...head, `at step ${step}`], rows),
    );
  };
  section("Figures", holder);
  afterMove.push(show);
  show();
}
figuresSection();

/* ---- Settings, environment, reproduction, data ---- */
function settingsSection() {
  const holder = element("div", {});
  const only = element("input", { type: "checkbox", checked: several });
  const show = () => {
    const rows = data.settings.filter((row) => !only.checked || row.differs);
    holder.replaceChildren(
      rows.length > 0
        ? table(
            ["", ...runs.map((_, index) => heading(index))],
            rows.map((row) => [
              row.label,
              ...row.values.map((value) => value ?? ""),
            ]),
          )
        : element("p", { textContent: "The settings are the same." }),
    );
  };
  only.addEventListener("input", show);
  section(
    "Settings",
    ...(several
      ? [
          element(
            "div",
            { className: "controls" },
            element("label", {}, only, "only what differs"),
          ),
        ]
      : []),
    holder,
  );
  show();
}
settingsSection();

section(
  "Environment",
  table(
    ["", ...runs.map((_, index) => heading(index))],
    data.environment.map((row) => [
      row.label,
      ...row.values.map((value) => value ?? ""),
    ]),
  ),
);

export const commands = runs.filter((run) => run.reproduce);
if (commands.length > 0)
  section(
    "Train it again",
    ...commands.flatMap((run) => [
      ...(several ? [element("p", { textContent: run.record.name })] : []),
      element("pre", { textContent: run.reproduce }),
    ]),
  );

section(
  "Raw data",
  element("p", {
    textContent:
      "Everything shown here is in this file as JSON, in the element with the id “data”: records, settings, every figure, and the pictures.",
  }),
  element("button", {
    type: "button",
    textContent: "Save the data as JSON",
    onclick: () => {
      const address = URL.createObjectURL(
        new Blob([JSON.stringify(data, null, 1)], {
          type: "application/json",
        }),
      );
      element("a", { href: address, download: "report.json" }).click();
      URL.revokeObjectURL(address);
    },
  }),
);

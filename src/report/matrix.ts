/** The picture matrix: two settings that vary as axes, in each cell the samples at the gallery's step. */
import { matrixOf, variedSettings } from "../shared/comparison/matrix";
import type { Matrix, VariedSetting } from "../shared/comparison/matrix";
import { nearestIndex } from "../shared/curves/search";
import type { ReportRun } from "../shared/report";
import { configurations, runs } from "./data";
import { element, faint, section, table } from "./elements";
import type { Gallery } from "./gallery";

const choice = {
  across: null as string | null,
  down: null as string | null,
  held: {},
};

/** Nothing where fewer than two settings vary, or no run has a picture. */
export function matrixSection(gallery: Gallery): void {
  const varied = variedSettings(
    configurations.map(({ runs: [first] }) => runs[first].record.settings),
  );
  if (varied.length < 2 || gallery.step === undefined) return;
  const holder = element("div");
  const show = () => {
    const matrix = matrixOf(varied, choice);
    if (!matrix) return;
    choice.across = matrix.across.path;
    choice.down = matrix.down?.path ?? null;
    holder.replaceChildren(
      axesOf(varied, matrix, show),
      matrixTable(matrix, gallery.step ?? 0),
      ...heldSentence(matrix),
    );
  };
  section("Picture matrix", holder);
  gallery.onMove(show);
  show();
}

function axesOf(
  varied: readonly VariedSetting[],
  { across, down }: Matrix,
  show: () => void,
): HTMLElement {
  return element(
    "div",
    { className: "controls" },
    axisControl("Across", varied, across, (path) => {
      if (path === choice.down) choice.down = choice.across;
      choice.across = path;
      show();
    }),
    axisControl("Down", varied, down, (path) => {
      if (path === choice.across) choice.across = choice.down;
      choice.down = path;
      show();
    }),
  );
}

function axisControl(
  label: string,
  varied: readonly VariedSetting[],
  chosen: VariedSetting | null,
  choose: (path: string) => void,
): HTMLElement {
  const options = varied.map((one) =>
    element("option", {
      value: one.path,
      textContent: one.label,
      selected: one === chosen,
    }),
  );
  const select = element("select", {}, ...options);
  select.addEventListener("input", () => choose(select.value));
  return element("label", {}, label, select);
}

function matrixTable(
  { across, cells, down }: Matrix,
  step: number,
): HTMLElement {
  const made = table(
    [down?.label ?? across.label, ...across.values],
    cells.map((row, y) => [
      down?.values[y] ?? "",
      ...row.map((at) => cellOf(at, step)),
    ]),
  );
  made.classList.add("matrix");
  return made;
}

function cellOf(at: number | null, step: number): HTMLElement {
  if (at === null) return faint("no run");
  const run = runs[configurations[at].runs[0]];
  return run.samples.length > 0 ? picture(run, step) : faint("no samples");
}

/** Of the step nearest to `step`. */
function picture({ record, samples }: ReportRun, step: number): HTMLElement {
  const sample =
    samples[
      nearestIndex(
        samples.map((one) => one.step),
        step,
      )
    ];
  return element(
    "figure",
    {},
    element("img", {
      src: sample.picture,
      alt: `Samples of ${record.name} at step ${sample.step}`,
    }),
    element("figcaption", {
      className: "faint",
      textContent: `step ${sample.step}`,
    }),
  );
}

function heldSentence({ held }: Matrix): HTMLElement[] {
  if (held.length === 0) return [];
  const words = held.map(
    ({ setting, value }) => `${setting.label} ${setting.values[value]}`,
  );
  return [faint(`At ${words.join(", ")}.`)];
}

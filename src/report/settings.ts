/** Settings, environment, how to train the runs again, and the data of the report as a file. */
import type { SettingRow } from "../shared/settings/differences";
import { data, runs, several } from "./data";
import { element, heading, section, table } from "./elements";

export function settingsSection(): void {
  const holder = element("div");
  const only = element("input", { type: "checkbox", checked: several });
  const show = () => {
    const rows = data.settings.filter((row) => !only.checked || row.differs);
    holder.replaceChildren(
      rows.length > 0
        ? settingsTable(rows)
        : element("p", { textContent: "The settings are the same." }),
    );
  };
  only.addEventListener("input", show);
  const choice = element(
    "div",
    { className: "controls" },
    element("label", {}, only, "only what differs"),
  );
  section("Settings", ...(several ? [choice] : []), holder);
  show();
}

export function environmentSection(): void {
  section("Environment", settingsTable(data.environment));
}

/** The command of each run that can be trained again. */
export function commandsSection(): void {
  const pieces = runs.flatMap(({ record, reproduce }) => {
    if (!reproduce) return [];
    const command = element("pre", { textContent: reproduce });
    const name = element("p", { textContent: record.name });
    return several ? [name, command] : [command];
  });
  if (pieces.length > 0) section("Train it again", ...pieces);
}

export function dataSection(): void {
  section(
    "Raw data",
    element("p", {
      textContent:
        "Everything shown here is in this file as JSON, in the element with the id “data”: records, settings, every metric, and the pictures.",
    }),
    element("button", {
      type: "button",
      textContent: "Save the data as JSON",
      onclick: saveData,
    }),
  );
}

function saveData(): void {
  const text = JSON.stringify(data, null, 1);
  const blob = new Blob([text], { type: "application/json" });
  const href = URL.createObjectURL(blob);
  element("a", { href, download: "report.json" }).click();
  URL.revokeObjectURL(href);
}

function settingsTable(rows: readonly SettingRow[]): HTMLElement {
  return table(
    ["", ...runs.map((_, index) => heading(index))],
    rows.map(({ label, values }) => [
      label,
      ...values.map((value) => value ?? ""),
    ]),
  );
}

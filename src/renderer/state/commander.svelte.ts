/** What can be done from anywhere: the commands of the menu, of the palette and of the keyboard, in one list. */
import { commands } from "../../shared/contract/commands";
import type { CommandId } from "../../shared/contract/commands";
import { quoted } from "../../shared/query/filter";
import { paletteEntries } from "./palette";
import { compareTutorial004 } from "./tutorial-004";
import type { Application } from "./application.svelte";

export interface Entry {
  id: string;
  title: string;
  /** What stands on the keys: `Ctrl+K`, `?`. */
  shortcut: string | null;
  /** Said in grey behind the title. */
  detail: string | null;
  enabled: boolean;
  run(): void;
}

/** Accelerators that a browser keeps for itself, and what its window uses instead. */
const inBrowser: Partial<Record<CommandId, string>> = {
  "new-run": "N",
  import: "I",
  export: "E",
  settings: ",",
  pause: "P",
  stop: "S",
  checkpoint: "C",
  "show-train": "1",
  "show-history": "2",
  "show-compare": "3",
};

const isMac = /mac/i.test(navigator.platform);

export class Commander {
  palette = $state(false);
  sheet = $state(false);
  /** Asked for by a command; the view that can do it shows the dialog. */
  exporting = $state.raw<string[] | null>(null);
  /** Asked for by a command; `views/ImportDrop.svelte` opens the picker. */
  importing = $state(0);

  constructor(private readonly application: Application) {
    application.onCommand = (id) => this.run(id);
  }

  /** Every command with its state now. */
  readonly entries: Entry[] = $derived.by(() => [
    ...commands.map((command) => ({
      id: command.id,
      title: command.title,
      shortcut: this.shortcutOf(command.id, command.accelerator),
      detail:
        command.id === "undo"
          ? (this.application.undo.next?.what ?? null)
          : null,
      enabled: this.canRun(command.id),
      run: () => this.run(command.id),
    })),
    ...paletteEntries(this.application),
    ...this.application.recentFiles.map((path) => ({
      id: `recent:${path}`,
      title: `Import ${path.split(/[\\/]/).at(-1) ?? path}`,
      shortcut: null,
      detail: "recent file",
      enabled: true,
      run: () => void this.application.importRun(path),
    })),
  ]);

  /** Runs whose name, tags or notes have the words: the newest first. */
  async findRuns(text: string): Promise<Entry[]> {
    const words = text.split(/\s+/).filter(Boolean);
    const { client, navigation } = this.application;
    const { rows } = await client.runs.query({
      columns: ["name"],
      filter: ["archived:no", ...words.map(quoted)].join(" "),
      page: { from: 0, count: 12 },
    });
    return rows.flatMap((row) =>
      row.kind !== "run"
        ? []
        : {
            id: `run:${row.id}`,
            title: String(row.cells[0]),
            shortcut: null,
            detail: "run",
            enabled: true,
            run: () => navigation.showRun(row.id),
          },
    );
  }

  run(id: CommandId): void {
    if (!this.canRun(id)) return;
    const { client, control, navigation, notices, runs } = this.application;
    const active = runs.active?.record;
    switch (id) {
      case "new-run":
      case "show-train":
        return navigation.go({ view: "train" });
      case "show-history":
        return navigation.go({ view: "history" });
      case "show-compare":
        return navigation.go({ view: "compare", runs: [] });
      case "settings":
        return navigation.go({ view: "settings" });
      case "guide":
        return navigation.go({ view: "guide", chapter: "" });
      case "tutorial-004":
        void compareTutorial004(this.application);
        return;
      case "palette":
        this.palette = !this.palette;
        return;
      case "shortcuts":
        this.sheet = !this.sheet;
        return;
      case "import":
        this.importing++;
        return;
      case "examples":
        return void this.application.examples.open();
      case "export":
        this.exporting = this.exportable;
        return;
      case "undo":
        return this.application.undo.run();
      case "pause": {
        if (!active) return;
        const call =
          active.state === "paused"
            ? client.training.unpause
            : client.training.pause;
        void notices.guard(call({ run: active.id }));
        return;
      }
      case "stop":
        if (active) void control.stop(active.id);
        return;
      case "checkpoint":
        if (active) void control.saveCheckpoint(active.id);
        return;
      default:
        id satisfies never;
    }
  }

  /** Handles a key press anywhere in the window; keys typed into a field stay there. */
  press(event: KeyboardEvent): void {
    const typing =
      event.target instanceof HTMLElement &&
      event.target.matches(
        "input:not([type=range], [type=checkbox], [type=radio]), textarea, select",
      );
    const withControl = event.ctrlKey || event.metaKey;
    if (event.defaultPrevented || event.altKey || (typing && !withControl))
      return;
    const command = commands.find(({ id, accelerator }) =>
      matches(event, this.keysOf(id, accelerator)),
    );
    // A field has an undo of its own.
    if (typing && command?.id === "undo") return;
    if (!command || (this.isModal && command.id !== "palette")) return;
    event.preventDefault();
    this.run(command.id);
  }

  private get isModal(): boolean {
    return document.querySelector("dialog[open]") !== null;
  }

  private canRun(id: CommandId): boolean {
    const { runs } = this.application;
    switch (id) {
      case "pause":
      case "stop":
      case "checkpoint":
        return runs.active !== null;
      case "undo":
        return this.application.undo.next !== null;
      case "export":
        return this.exportable !== null;
      default:
        return true;
    }
  }

  /** The run, or the compared runs, that the window shows. */
  private get exportable(): string[] | null {
    const { route } = this.application.navigation;
    if (route.view === "run") return [route.run];
    return route.view === "compare" && route.runs.length > 0
      ? route.runs
      : null;
  }

  private keysOf(id: CommandId, accelerator: string): string {
    return this.application.shell === "browser"
      ? (inBrowser[id] ?? accelerator)
      : accelerator;
  }

  private shortcutOf(id: CommandId, accelerator: string): string | null {
    const keys = this.keysOf(id, accelerator);
    return keys ? keys.replace("CmdOrCtrl", isMac ? "⌘" : "Ctrl") : null;
  }
}

function matches(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split("+");
  const key = parts[parts.length - 1];
  const control = event.ctrlKey || event.metaKey;
  return (
    key !== "" &&
    event.key.toLowerCase() === key.toLowerCase() &&
    control === parts.includes("CmdOrCtrl") &&
    !(control && event.shiftKey)
  );
}

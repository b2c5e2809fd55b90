/** An export in the making: what is asked for, what it will be, and how far it is. */
import { defaultLook, exportFormats } from "../../../shared/contract/exports";
import type {
  ExportAsk,
  ExportFormat,
  ExportOutcome,
  ExportPlan,
  Look,
} from "../../../shared/contract/exports";
import type { AxisUnit } from "../../../shared/curves/axis";
import { errorMessage } from "../../../shared/errors";
import type { Application } from "../../state/application.svelte";
import { uniqueId } from "../../unique-id";

/** What the dialog lets one choose, whatever the format; a request takes of it what its format needs. */
export interface ExportOptions {
  look: Look;
  step: number | "last" | "all";
  framesPerSecond: number;
  holdLast: number;
  stamp: boolean;
  rows: number;
  axis: AxisUnit;
  smoothing: number;
  commonScale: boolean;
}

export const formatGroups: { title: string; formats: ExportFormat[] }[] = [
  {
    title: "Pictures",
    formats: ["png", "gif", "webp", "sheet", "comparison", "tiles", "zip"],
  },
  { title: "Report and charts", formats: ["html", "svg", "chart"] },
  { title: "Figures", formats: ["csv", "json", "tensorboard"] },
  { title: "Networks", formats: ["pytorch", "safetensors", "onnx", "layers"] },
];

const forSeveral: readonly ExportFormat[] = [
  "comparison",
  "html",
  "svg",
  "chart",
  "csv",
  "json",
];

export class Exporting {
  format = $state<ExportFormat>("png");
  options = $state.raw<ExportOptions>({
    look: defaultLook,
    step: "last",
    framesPerSecond: 8,
    holdLast: 2,
    stamp: true,
    rows: 12,
    axis: "step",
    smoothing: 0.6,
    commonScale: false,
  });
  plan = $state.raw<ExportPlan | null>(null);
  /** Why there is no plan. */
  problem = $state<string | null>(null);
  /** The id of the export under way. */
  running = $state<string | null>(null);

  constructor(
    private readonly application: Application,
    readonly runs: readonly string[],
  ) {
    if (runs.length > 1) this.format = "html";
  }

  readonly request: ExportAsk = $derived.by(() =>
    makeRequest(this.format, this.runs, this.options),
  );

  readonly progress = $derived.by(
    () =>
      this.application.activity.tasks.find(
        (task) => task.id === this.running,
      ) ?? null,
  );

  /** Formats that these runs can be written as, with the reason where one cannot. */
  offers(format: ExportFormat): string | null {
    if (this.runs.length > 1)
      return forSeveral.includes(format) ? null : "for one run at a time";
    return format === "comparison" ? "for several runs" : null;
  }

  change(change: Partial<ExportOptions>): void {
    this.options = { ...this.options, ...change };
  }

  changeLook(change: Partial<Look>): void {
    this.change({ look: { ...this.options.look, ...change } });
  }

  async makePlan(): Promise<void> {
    const asked = this.request;
    try {
      const plan = await this.application.client.exports.plan({
        request: asked,
      });
      if (asked !== this.request) return;
      this.plan = plan;
      this.problem = null;
    } catch (error) {
      if (asked !== this.request) return;
      this.plan = null;
      this.problem = errorMessage(error);
    }
  }

  /** Gives whether it was made. */
  async start(): Promise<boolean> {
    const { client, notices } = this.application;
    const id = `export-${uniqueId()}`;
    this.running = id;
    try {
      const outcome = await client.exports.start({ id, request: this.request });
      this.finish(id, outcome);
      return outcome.state !== "cancelled";
    } catch (error) {
      notices.report(error);
      return false;
    } finally {
      this.running = null;
    }
  }

  cancel(): void {
    if (this.running === null) return;
    void this.application.notices.guard(
      this.application.client.exports.cancel({ id: this.running }),
    );
  }

  private finish(id: string, outcome: ExportOutcome): void {
    const { client, notices } = this.application;
    switch (outcome.state) {
      case "cancelled":
        return;
      case "download":
        download(outcome.url, outcome.name);
        notices.inform(`${outcome.name} is among your downloads.`);
        return;
      case "saved":
        notices.inform(`The export is at ${outcome.path}.`, {
          label: "Show",
          run: () => void notices.guard(client.exports.reveal({ id })),
        });
        return;
      default:
        outcome satisfies never;
    }
  }
}

/** Whether the format shows samples, so that the look matters. */
export function hasLook(format: ExportFormat): boolean {
  return ["png", "tiles", "gif", "webp", "sheet", "comparison", "zip"].includes(
    format,
  );
}

/** What the format is called, and a sentence on it. */
export function describeFormat(format: ExportFormat) {
  return exportFormats[format];
}

function makeRequest(
  format: ExportFormat,
  runs: readonly string[],
  options: ExportOptions,
): ExportAsk {
  const { look, step, rows, framesPerSecond, holdLast, stamp } = options;
  const { axis, smoothing, commonScale } = options;
  const [run] = runs;
  const single = step === "all" ? "last" : step;
  switch (format) {
    case "png":
    case "tiles":
      return { format, run, step, look };
    case "gif":
    case "webp":
      return { format, run, look, framesPerSecond, holdLast, stamp };
    case "sheet":
      return { format, run, rows, look };
    case "comparison":
      return { format, runs: [...runs], rows, look };
    case "zip":
      return { format, run, look };
    case "svg":
    case "chart":
      return { format, runs: [...runs], axis, smoothing, commonScale };
    case "html":
    case "csv":
    case "json":
      return { format, runs: [...runs] };
    case "tensorboard":
      return { format, run };
    case "safetensors":
    case "onnx":
    case "layers":
    case "pytorch":
      return { format, run, step: single };
  }
}

function download(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}

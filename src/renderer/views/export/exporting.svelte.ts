/** An export in the making: what is asked for, what it will be, and how far it is. */
import { defaultCurves } from "../../../shared/contract/curve-choice";
import {
  defaultLook,
  exportFields,
  exportRequestSchema,
  mostComparedRuns,
} from "../../../shared/contract/exports";
import {
  askedFormats,
  exportFormats,
  exportGroups,
} from "../../../shared/contract/export-formats";
import type {
  ExportFormat,
  ExportPlan,
  ExportRequest,
  Look,
} from "../../../shared/contract/exports";
import type { WeightChoice } from "../../../shared/run";
import type { AxisUnit } from "../../../shared/curves/axis";
import { errorMessage } from "../../../shared/errors";
import type { Application } from "../../state/application.svelte";
import { saveExport } from "../../state/save-export";

/** What the dialog lets one choose, whatever the format; a request takes of it what its format needs. */
export interface ExportOptions {
  look: Look;
  step: number | "last" | "all";
  weights: WeightChoice;
  framesPerSecond: number;
  holdLast: number;
  stamp: boolean;
  rows: number;
  at: number | "last";
  count: number;
  seed: number;
  as: "folder" | "zip" | "npz";
  axis: AxisUnit;
  smoothing: number;
  commonScale: boolean;
  groupSeeds: boolean;
}

export const formatGroups = exportGroups.map((title) => ({
  title,
  formats: askedFormats.filter(
    (format) => exportFormats[format].group === title,
  ),
}));

export class Exporting {
  format = $state<ExportFormat>("png");
  options = $state.raw<ExportOptions>({
    look: defaultLook,
    step: "last",
    weights: "average",
    framesPerSecond: 8,
    holdLast: 2,
    stamp: true,
    rows: 12,
    at: "last",
    count: 1000,
    seed: 0,
    as: "zip",
    ...defaultCurves,
    groupSeeds: true,
  });
  /** The plan of the newest request that has one; the request may have changed since. */
  planned = $state.raw<{ request: ExportRequest; plan: ExportPlan } | null>(
    null,
  );
  readonly plan = $derived(this.planned?.plan ?? null);
  /** Why there is no plan. */
  problem = $state<string | null>(null);
  /** The id of the export under way. */
  running = $state<string | null>(null);

  constructor(
    private readonly application: Application,
    readonly runs: readonly string[],
  ) {
    if (runs.length > 1 && runs.length <= mostComparedRuns)
      this.format = "html";
  }

  /** Whether there is a choice of weights. */
  readonly hasAverage = $derived.by(() =>
    this.runs.some((id) => {
      const listing = this.application.runs.find(id);
      return Boolean(listing?.record.settings?.improvements.average);
    }),
  );

  readonly request: ExportRequest = $derived.by(() =>
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
    const { length } = this.runs;
    if ("runs" in exportFields(format) && length > mostComparedRuns)
      return `for at most ${mostComparedRuns} runs`;
    if (length > 1) return null;
    return isOfSeveral(format) ? "for several runs" : null;
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
      this.planned = { request: asked, plan };
      this.problem = null;
    } catch (error) {
      if (asked !== this.request) return;
      this.planned = null;
      this.problem = errorMessage(error);
    }
  }

  /** Gives whether it was made. */
  async start(): Promise<boolean> {
    const made = await saveExport(this.application, this.request, (id) => {
      this.running = id;
    });
    this.running = null;
    return made;
  }

  cancel(): void {
    if (this.running === null) return;
    void this.application.notices.guard(
      this.application.client.exports.cancel({ id: this.running }),
    );
  }
}

/** Whether it shows one run beside another. */
function isOfSeveral(format: ExportFormat): boolean {
  return ["comparison", "matrix", "matrix-gif"].includes(format);
}

/** What the format is called, and a sentence on it. */
export function describeFormat(format: ExportFormat) {
  return exportFormats[format];
}

/** Takes of the options what the format can be told. */
function makeRequest(
  format: ExportFormat,
  runs: readonly string[],
  options: ExportOptions,
): ExportRequest {
  const step =
    options.step === "all" && !takesAll(format) ? "last" : options.step;
  const asked = { ...options, step, format, runs };
  if ("runs" in exportFields(format)) return exportRequestSchema.parse(asked);
  const requests = runs.map((run) => ({ ...asked, run }));
  return exportRequestSchema.parse(
    requests.length === 1 ? requests[0] : { format: "many", requests },
  );
}

/** Whether the format can show every saved step. */
export function takesAll(format: ExportFormat): boolean {
  const { step } = exportFields(format);
  return step?.safeParse("all").success ?? false;
}

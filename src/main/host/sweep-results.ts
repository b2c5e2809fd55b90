/** What became of a sweep: its status, what of it stands side by side, and its report. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { SweepComparison } from "../../shared/contract/sweeps";
import { errorMessage } from "../../shared/errors";
import type { QueriedRun } from "../../shared/query/columns";
import type { SweepManifest } from "../../shared/sweeps/manifest";
import { mostCompared, rankConfigurations } from "../../shared/sweeps/ranking";
import { statusOf } from "../../shared/sweeps/status";
import type { SweepStatus } from "../../shared/sweeps/status";
import type { Slurm } from "../sweep/cluster/slurm";
import type { SweepFolder } from "../sweep/sweep-folder";
import { sendFile } from "./files";
import type { FileRoute } from "./files";
import type { Host } from "./host";

interface SweepResultsParts {
  host: Pick<Host, "store" | "emit">;
  folder: SweepFolder;
  slurm: Slurm;
  /** Why what is in the queue could not start, by the run's id; null for what waits or is under way. */
  queue(): ReadonlyMap<string, string | null>;
  /** Writes the report of a comparison. */
  report(runs: string[], path: string): Promise<void>;
}

export class SweepResults {
  /** The report, as a file to keep: it must not open on the application's own address. */
  readonly route: FileRoute = {
    method: "GET",
    path: "sweeps/:id/report.html",
    answer: async ({ id }, request) => {
      const folder = this.parts.folder.folder(id);
      const type = "application/octet-stream";
      const path = this.reportOf(id);
      const response = await sendFile({ folder, path, type }, request);
      response.headers.set("content-disposition", "attachment");
      return response;
    },
  };

  constructor(private readonly parts: SweepResultsParts) {}

  async statusOf(manifest: SweepManifest): Promise<SweepStatus> {
    const { folder, queue, slurm } = this.parts;
    const runs = await this.runsOf(manifest);
    const report = this.reportOf(manifest.id);
    const known = {
      runs,
      queue: queue(),
      report: existsSync(report) ? report : null,
    };
    const alone = statusOf(manifest, { ...known, tasks: null });
    // Of what has ended a cluster knows no more than the runs.
    if (alone.done) return alone;
    const tasks = await slurm.tasks(folder.folder(manifest.id));
    return tasks ? statusOf(manifest, { ...known, tasks }) : alone;
  }

  /** The best eight by the FD of their seeds' median where it was measured; otherwise the first. */
  async comparison(manifest: SweepManifest): Promise<SweepComparison> {
    const runs = await this.runsOf(manifest);
    const ranked = rankConfigurations(manifest, runs);
    const chosen = new Set(ranked.order.slice(0, mostCompared));
    return {
      name: manifest.name,
      runs: manifest.entries.flatMap(({ configuration, run }) =>
        chosen.has(configuration) && runs.has(run) ? [run] : [],
      ),
      left: ranked.order.length - chosen.size,
      byQuality: ranked.byQuality,
    };
  }

  /** Beside the manifest; a failure is told, not thrown. */
  async writeReport(manifest: SweepManifest): Promise<void> {
    const { runs } = await this.comparison(manifest);
    if (runs.length === 0) return;
    try {
      await this.parts.report(runs, this.reportOf(manifest.id));
    } catch (error) {
      const text = `The report of ${manifest.name} was not written: ${errorMessage(error)}`;
      const notice = { level: "error", text, advice: null, run: null } as const;
      this.parts.host.emit({ type: "notice", notice });
    }
  }

  private reportOf(id: string): string {
    return join(this.parts.folder.folder(id), "report.html");
  }

  private runsOf({ entries }: SweepManifest): Promise<Map<string, QueriedRun>> {
    return this.parts.host.store.recordsOf(entries.map(({ run }) => run));
  }
}

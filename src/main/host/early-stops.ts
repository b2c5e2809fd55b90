/** Stops runs of a sweep that are not worth the rest of their length, whenever one of their saved steps was measured. */
import { existsSync } from "node:fs";
import type { AppEvent } from "../../shared/contract/events";
import { errorMessage } from "../../shared/errors";
import { isAlike, measureKinds } from "../../shared/quality";
import type { Quality } from "../../shared/quality";
import { isActive } from "../../shared/run";
import type { RunRecord } from "../../shared/run";
import { earlyStopReason } from "../../shared/sweeps/early-stop";
import type { MeasuredRun } from "../../shared/sweeps/early-stop";
import type { SweepFolder } from "../sweep/sweep-folder";
import type { Host } from "./host";
import type { TrainingArea } from "./training";

interface EarlyStopsParts {
  host: Pick<Host, "store" | "emit">;
  folder: SweepFolder;
  training: TrainingArea;
}

export class EarlyStops {
  /** What was last known of the measurements of the runs under way. */
  private readonly seen = new Map<string, string>();

  constructor(private readonly parts: EarlyStopsParts) {}

  hear(event: AppEvent): void {
    if (event.type !== "run-changed" || event.listing.kind !== "run") return;
    const { id, state, summary, sweep } = event.listing.record;
    if (sweep === null) return;
    if (!isActive(state)) {
      this.seen.delete(id);
      return;
    }
    const measured = JSON.stringify(
      summary["quality/fd"] ?? summary["quality/kid"] ?? null,
    );
    if (measured === (this.seen.get(id) ?? "null")) return;
    this.seen.set(id, measured);
    void this.look(event.listing.record).catch((error: unknown) => {
      const text = `Whether ${id} should be stopped early is not known: ${errorMessage(error)}`;
      const notice = { level: "warning", text, advice: null, run: id } as const;
      this.parts.host.emit({ type: "notice", notice });
    });
  }

  private async look({ id, sweep }: RunRecord): Promise<void> {
    const { folder, training } = this.parts;
    if (sweep === null) return;
    const { earlyStop, entries } = folder.read(sweep.id);
    if (earlyStop === null) return;
    const newest = (await this.parts.host.store.qualities(id)).at(-1);
    if (!newest) return;
    const measure = "value" in newest.measures.fd ? "fd" : "kid";
    const runs = await Promise.all(
      entries.map(({ configuration, run }) =>
        this.measured(run, configuration, { measure, newest }),
      ),
    );
    const at = entries.findIndex(({ run }) => run === id);
    const others = runs.filter((_, index) => index !== at);
    const { title } = measureKinds[measure];
    const reason = earlyStopReason(earlyStop, runs[at], others, title);
    if (reason !== null && training.isTraining(id))
      training.stopEarly(id, reason);
  }

  /** What can be compared with a measurement. */
  private async measured(
    run: string,
    configuration: number,
    { measure, newest }: { measure: "fd" | "kid"; newest: Quality },
  ): Promise<MeasuredRun> {
    const { store } = this.parts.host;
    if (!existsSync(store.folder(run)))
      return { configuration, values: [], ended: false };
    const [listing, qualities] = await Promise.all([
      store.get(run),
      store.qualities(run),
    ]);
    const values = qualities.flatMap((quality) => {
      const found = quality.measures[measure];
      return isAlike(quality, newest) && "value" in found
        ? [{ step: quality.step, value: found.value }]
        : [];
    });
    const ended = listing.kind === "run" && listing.record.state === "finished";
    return { configuration, values, ended };
  }
}

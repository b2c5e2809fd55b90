/** Sweeps as the window knows them: those whose runs wait in the queue, those that have ended, and what can be done with each. */
import type { SweepStatus, SweepSummary } from "../../shared/sweeps/status";
import { summaryOf } from "../../shared/sweeps/status";
import { fileUrls } from "../../shared/contract/files";
import { quoted } from "../../shared/query/filter";
import { waitingBySweep } from "../../shared/queue";
import { formatPlural } from "../format";
import { download } from "../download";
import type { Application } from "./application.svelte";

/** Of those that the palette and the sidebar name. */
const mostKnown = 20;
/** Runs of a group that is compared. */
const mostOfGroup = 100;

export class Sweeps {
  /** The newest first. */
  known = $state.raw<readonly SweepSummary[]>([]);
  /** That have ended since the window was opened, until they are put away. */
  private ended = $state.raw<readonly string[]>([]);

  /** How many wait or train of each sweep in the queue. */
  readonly waiting: ReadonlyMap<string, number> = $derived.by(() =>
    waitingBySweep(this.application.queue.state.items),
  );
  /** Under way, or ended just now: the sidebar shows them. */
  readonly shown: readonly SweepSummary[] = $derived(
    this.known.filter(
      ({ id }) => this.waiting.has(id) || this.ended.includes(id),
    ),
  );

  constructor(private readonly application: Application) {}

  async load(): Promise<void> {
    const sweeps = await this.application.client.sweeps.list({});
    this.known = sweeps.slice(0, mostKnown);
  }

  /** Says that a sweep is in the queue, and stops showing it as ended. */
  begun({ entries, ...sweep }: SweepStatus): void {
    this.put(sweep);
    this.application.notices.inform(
      `${formatPlural(entries.length, "run")} of “${sweep.name}” are in the queue.`,
    );
  }

  /** Tells what became of it, and offers to compare. */
  end(sweep: SweepSummary): void {
    this.put(sweep);
    this.keep(sweep.id);
    const { notices } = this.application;
    const { name, unfinished } = sweep;
    const left = unfinished.length;
    notices.add(
      {
        level: left > 0 ? "warning" : "info",
        text:
          left > 0
            ? `“${name}” has ended; ${formatPlural(left, "run")} of it ${left === 1 ? "is" : "are"} missing.`
            : `“${name}” has ended.`,
        advice: null,
        run: null,
      },
      { label: "Compare", run: () => void this.compare(sweep.id) },
    );
  }

  async refresh(id: string): Promise<void> {
    const { client, notices } = this.application;
    const status = await notices.guard(client.sweeps.status({ id }));
    if (status) this.put(summaryOf(status));
  }

  /** Its runs side by side: at most eight variants, each with all of its seeds. */
  async compare(id: string): Promise<void> {
    const { client, navigation, notices } = this.application;
    const found = await notices.guard(client.sweeps.comparison({ id }));
    if (!found) return;
    const { byQuality, left, name, runs } = found;
    if (runs.length < 2)
      return void notices.inform(
        `“${name}” has fewer than two runs to compare yet.`,
      );
    if (left > 0)
      notices.inform(
        `Eight variants stand side by side: ${byQuality ? "the best by Fréchet distance" : "the first"}; ${left} more are in History.`,
      );
    navigation.go({ view: "compare", runs });
  }

  /** The runs of a group: those of its sweep, where it is one. */
  async compareGroup(group: string): Promise<void> {
    const sweep = this.known.find(({ name }) => name === group);
    if (sweep) return this.compare(sweep.id);
    const { client, navigation, notices } = this.application;
    const found = await notices.guard(
      client.runs.query({
        columns: ["name"],
        filter: `group:${quoted(group)} archived:no -state:damaged`,
        page: { from: 0, count: mostOfGroup },
      }),
    );
    const runs = (found?.rows ?? []).flatMap((row) =>
      row.kind === "run" ? row.id : [],
    );
    if (runs.length > 0) navigation.go({ view: "compare", runs });
  }

  /** Puts exactly what is missing in the queue. */
  async rerun(id: string): Promise<void> {
    const { client, notices } = this.application;
    const status = await notices.guard(client.sweeps.enqueue({ id }));
    if (status) this.put(summaryOf(status));
  }

  async cancel(id: string): Promise<void> {
    const { client, notices } = this.application;
    const status = await notices.guard(client.sweeps.cancel({ id }));
    if (!status) return;
    this.put(summaryOf(status));
    this.keep(id);
    notices.inform(
      `“${status.name}” was cancelled; what was trained of it stays.`,
    );
  }

  /** To the report that was written at its end. */
  async openReport({ id, name, report }: SweepSummary): Promise<void> {
    const { client, notices, shell } = this.application;
    if (report === null) return;
    if (shell === "browser") download(fileUrls.sweepReport(id), `${name}.html`);
    else await notices.guard(client.app.reveal({ path: report }));
  }

  /** Out of the sidebar. */
  putAway(id: string): void {
    this.ended = this.ended.filter((one) => one !== id);
  }

  /** In the sidebar, though nothing of it waits any more. */
  private keep(id: string): void {
    this.ended = [id, ...this.ended.filter((one) => one !== id)];
  }

  private put(sweep: SweepSummary): void {
    const others = this.known.filter(({ id }) => id !== sweep.id);
    this.known = [sweep, ...others]
      .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
      .slice(0, mostKnown);
  }
}

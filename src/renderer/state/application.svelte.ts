/** Everything the views share: the client, the states, and where each event of the application goes. */
import { getContext, setContext } from "svelte";
import type { AppConnection } from "../connection";
import type { AppInfo } from "../../shared/contract/app";
import type { CommandId } from "../../shared/contract/commands";
import type { ImportLook } from "../../shared/contract/runs";
import type { AppClient, AppEvent } from "../../shared/contract/index";
import type { Queued } from "../../shared/contract/queue";
import { idOf } from "../../shared/run";
import type { RunRecord } from "../../shared/run";
import { Activity } from "./activity.svelte";
import { CurveCache } from "./curve-cache";
import { DataSets } from "./data-sets.svelte";
import { Draft } from "./draft.svelte";
import { Examples } from "./examples";
import { Endings } from "./endings.svelte";
import { Navigation } from "./navigation.svelte";
import { Notices } from "./notices.svelte";
import { Preferences } from "./preferences.svelte";
import { RunControl } from "./run-control";
import { Runs } from "./runs.svelte";
import type { ReadableRun } from "./runs.svelte";
import type { SteeringWish } from "./steering.svelte";
import { Sweeps } from "./sweeps.svelte";
import { Theme } from "./theme";
import { Tips } from "./tips.svelte";
import { Tournaments } from "./tournaments.svelte";
import { Variants } from "./variants.svelte";
import { Undo } from "./undo.svelte";
import { WaitingRuns } from "./waiting-runs.svelte";

const importable =
  "A TensorBoard log, a CSV, a stats.jsonl or a bundle can be imported.";

export class Application {
  readonly client: AppClient;
  readonly notices = new Notices();
  readonly undo = new Undo();
  readonly navigation = new Navigation();
  readonly activity = new Activity();
  readonly curves = new CurveCache();
  readonly preferences: Preferences;
  readonly theme: Theme;
  readonly tips: Tips;
  readonly runs: Runs;
  readonly control: RunControl;
  readonly draft: Draft;
  readonly dataSets: DataSets;
  readonly endings: Endings;
  readonly examples = new Examples(this);
  readonly queue: WaitingRuns;
  readonly sweeps: Sweeps;
  readonly tournaments: Tournaments;
  readonly shell: AppConnection["shell"];
  readonly pathOf: AppConnection["pathOf"];
  info = $state.raw<AppInfo | null>(null);
  /** Files imported lately, newest first. */
  recentFiles = $state.raw<readonly string[]>([]);
  /** Tables that wait for an answer to how they are read, the first one asked about. */
  imports = $state.raw<readonly { path: string; look: ImportLook }[]>([]);
  /** A run that is about to be forked or resumed, in its dialog; see `steer`. */
  steering = $state.raw<SteeringWish | null>(null);
  /** Whether calls reach the application. */
  connected = $state(true);
  /** Set by the window: what a command of the desktop's menu does. */
  onCommand: (command: CommandId) => void = () => undefined;

  constructor(connection: AppConnection) {
    this.client = connection.client;
    this.shell = connection.shell;
    this.pathOf = (file) => connection.pathOf(file);
    this.preferences = new Preferences(this.client);
    this.theme = new Theme(this.preferences);
    this.tips = new Tips(this.preferences);
    this.runs = new Runs(this.client, this.notices, this.undo);
    this.control = new RunControl(this);
    this.dataSets = new DataSets(this.client, this.notices);
    this.draft = new Draft(new Variants());
    this.queue = new WaitingRuns(this.client, this.notices);
    this.tournaments = new Tournaments(this.client);
    this.sweeps = new Sweeps(this);
    this.endings = new Endings(this.preferences, {
      run: (run) => this.navigation.showRun(run),
      sweep: (sweep) => void this.sweeps.compare(sweep),
    });
    connection.onEvent((event) => this.handle(event));
    connection.onStatus((status) => {
      this.connected = status === "connected";
      if (this.connected) void this.notices.guard(this.catchUpAll());
    });
  }

  /** What may have changed while nothing was told. */
  private async catchUpAll(): Promise<void> {
    await Promise.all([
      this.runs.load(),
      this.queue.load(),
      this.sweeps.load(),
    ]);
  }

  async load(): Promise<void> {
    const [info] = await Promise.all([
      this.client.app.info({}),
      this.runs.load(),
      this.preferences.load(),
      this.queue.load(),
    ]);
    this.info = info;
    this.theme.apply();
    this.recentFiles = await this.client.app.recentFiles({});
    this.offerInterrupted(await this.client.app.interruptedRuns({}));
    await this.sweeps.load();
  }

  /** Opens the dialog that forks or resumes a run, filled in with what is proposed. */
  steer(wish: SteeringWish): void {
    this.steering = wish;
  }

  /** Shows a run that has started, or says that it waits. */
  showQueued(queued: Queued): void {
    if (queued.type === "waits") {
      this.notices.inform("Added to the queue.");
      return;
    }
    this.runs.put(queued.listing);
    this.navigation.showRun(idOf(queued.listing), "overview");
  }

  /** Makes a run of a file on disk, and shows it. Where something was decided or left out, that is shown before. */
  async importRun(path: string): Promise<void> {
    const look = await this.notices.guard(
      this.client.runs.lookAtImport({ path }),
      importable,
    );
    if (look === undefined) return;
    if (look !== null && look.remarks.length > 0)
      this.imports = [...this.imports, { path, look }];
    else await this.takeIn(path, null);
  }

  /** The import that is asked about is made, or not. */
  async answerImport(stepColumn: string | null): Promise<void> {
    const [asked, ...others] = this.imports;
    this.imports = others;
    if (stepColumn !== null) await this.takeIn(asked.path, stepColumn);
  }

  private async takeIn(path: string, stepColumn: string | null): Promise<void> {
    const listing = await this.notices.guard(
      this.client.runs.importFile({ path, stepColumn }),
      importable,
    );
    if (listing?.kind !== "run") return;
    this.runs.put(listing);
    this.navigation.showRun(listing.record.id, "overview");
    this.notices.inform(`“${listing.record.name}” is imported.`);
  }

  private handle(event: AppEvent): void {
    switch (event.type) {
      case "run-changed":
        if (event.listing.kind === "run") this.follow(event.listing);
        this.runs.put(event.listing);
        return;
      case "runs-removed":
        this.runs.drop(event.ids);
        this.control.withdraw(event.ids);
        for (const id of event.ids) this.curves.drop(id);
        return;
      case "training-progress":
        this.activity.setProgress(event.progress);
        void this.curves
          .peek(event.progress.run)
          ?.refresh()
          .catch(() => null);
        return;
      case "task-progress":
        this.activity.setTask(event.task);
        return;
      case "log-line":
        this.activity.addLine(event.run, event);
        return;
      case "notice":
        this.notices.add(event.notice);
        return;
      case "show-run":
        this.navigation.showRun(event.run);
        return;
      case "show-sweep":
        void this.sweeps.compare(event.sweep);
        return;
      case "command":
        this.onCommand(event.command);
        return;
      case "recent-files":
        this.recentFiles = event.paths;
        return;
      case "queue-changed":
        this.queue.put(event.queue);
        return;
      case "library-moved":
        if (this.info) this.info = { ...this.info, library: event.library };
        return;
      case "sweep-changed":
        void this.sweeps.refresh(event.id);
        return;
      case "sweep-ended":
        this.sweeps.end(event.sweep);
        if (this.shell === "browser") this.endings.hearSweep(event.sweep);
        return;
      case "interrupted-runs":
        this.offerInterrupted(event.ids);
        return;
      default:
        event satisfies never;
    }
  }

  private follow(now: ReadableRun): void {
    const { record } = now;
    const before = this.runs.peek(record.id);
    if (this.shell === "browser")
      this.endings.hear(before?.record.state, record);
    this.control.hear(before, now);
    this.catchUp(record, before?.record);
  }

  /** Reads what is new; after a resume everything, because rows beyond the checkpoint were taken back. */
  private catchUp(record: RunRecord, before: RunRecord | undefined): void {
    const isResumed = before && timesResumed(record) > timesResumed(before);
    if (isResumed) this.activity.forgetLines(record.id);
    const curves = this.curves.peek(record.id);
    if (!curves) return;
    if (isResumed) curves.restart();
    else if (before?.progress.step === record.progress.step) return;
    void curves.refresh().catch(() => null);
  }

  private offerInterrupted(ids: string[]): void {
    if (ids.length === 0) return;
    const text =
      ids.length === 1
        ? "A run was interrupted; it can be resumed from its last checkpoint."
        : `${ids.length} runs were interrupted; each can be resumed from its last checkpoint.`;
    this.notices.add(
      { level: "warning", text, advice: null, run: ids[0] },
      { label: "Show", run: () => this.navigation.showRun(ids[0]) },
    );
  }
}

/** How often a run was taken up again. */
export function timesResumed(record: RunRecord): number {
  return record.events.filter((event) => event.type === "resumed").length;
}

const key = Symbol("application");

/** Called once, by the window. */
export function provideApplication(application: Application): void {
  setContext(key, application);
}

/** For views only; components get data and callbacks. */
export function useApplication(): Application {
  return getContext<Application>(key);
}

/**
 * Exports as the window and the command line ask for them: planned, previewed, made with progress, cancelled, and put
 * where the shell says or kept for one download.
 */
import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { exportFormats } from "../../shared/contract/export-formats";
import type {
  ExportOutcome,
  ExportRequest,
} from "../../shared/contract/exports";
import type { AppContract } from "../../shared/contract/index";
import type { Handlers } from "../../shared/rpc";
import { LeftOuts } from "../export/job";
import type { ExportJob } from "../export/job";
import { planExport } from "../export/plan";
import type { PlannedExport } from "../export/plan";
import { downloadOf, exportRoutes } from "./export-routes";
import type { FileRoute } from "./files";
import type { Host } from "./host";
import { Task } from "./task";
import type { HowFar } from "./task";

interface SaveTask {
  /** What `task-progress` calls it. */
  id: string;
  force: boolean;
  /** A folder as one ZIP. */
  asArchive?: boolean;
  signal: AbortSignal;
}

export interface SavedExport {
  bytes: number;
  /** What stands in for what, and what was left out, one sentence each. */
  remarks: string[];
}

export class ExportsArea {
  readonly calls: Handlers<AppContract>["exports"];
  readonly routes: FileRoute[];
  /** Other processes share the data folder: each has a place of its own in it. */
  private readonly waiting: string;
  private readonly running = new Map<string, AbortController>();
  private readonly saved = new Map<string, string>();

  constructor(private readonly host: Host) {
    this.waiting = join(host.dataFolder, "exports", randomUUID());
    this.routes = exportRoutes(host, this.waiting);
    this.calls = {
      async plan({ request }) {
        const plan = await planExport(request, quietJob(host));
        const { shape, name, images, size, preview, remarks } = plan;
        return { shape, name, images, size, preview, remarks };
      },
      start: ({ id, request }) => this.start(id, request),
      cancel: ({ id }) => {
        const why = new Error("The export was cancelled.");
        this.running.get(id)?.abort(why);
        return null;
      },
      reveal: ({ id }) => this.reveal(id),
    };
  }

  /** Makes an export at a path, telling its progress. */
  async save(
    request: ExportRequest,
    path: string,
    task: SaveTask,
  ): Promise<SavedExport> {
    const plan = await planExport(request, quietJob(this.host, task.signal));
    return this.make(request, plan, path, task);
  }

  private async make(
    request: ExportRequest,
    { remarks, work }: PlannedExport,
    path: string,
    { id, force, asArchive = false, signal }: SaveTask,
  ): Promise<SavedExport> {
    const { emit, exchange, store } = this.host;
    const progress = new ExportProgress(emit, id, request, work);
    const left = new LeftOuts();
    try {
      const bytes = await exchange.export(
        { library: store.library, request, path, force, asArchive },
        {
          signal,
          advance: (count) => progress.advance(count),
          leaveOut: (file) => left.add(file),
        },
      );
      progress.end("done");
      return { bytes, remarks: [...new Set([...remarks, ...left.sentences])] };
    } catch (error) {
      progress.end(signal.aborted ? "cancelled" : "failed");
      throw error;
    }
  }

  async close(): Promise<void> {
    for (const abort of this.running.values())
      abort.abort(new Error("The application was closed."));
    // Nothing waits where the data folder cannot be.
    await rm(this.waiting, { recursive: true, force: true }).catch(
      () => undefined,
    );
  }

  private async start(
    id: string,
    request: ExportRequest,
  ): Promise<ExportOutcome> {
    const abort = new AbortController();
    const { signal } = abort;
    this.running.set(id, abort);
    try {
      const plan = await planExport(request, quietJob(this.host, signal));
      const path = await this.targetOf(plan);
      if (path === null) return { state: "cancelled" };
      const asArchive = this.host.shell.kind === "browser";
      const task = { id, force: true, asArchive, signal };
      const made = await this.make(request, plan, path, task);
      this.saved.set(id, path);
      return asArchive
        ? { state: "download", ...downloadOf(path), ...made }
        : { state: "saved", path, ...made };
    } catch (error) {
      if (signal.aborted) return { state: "cancelled" };
      throw error;
    } finally {
      this.running.delete(id);
    }
  }

  /** In Electron where the user says; null where the dialog was closed. Replacing was confirmed there. */
  private async targetOf({ name, shape }: PlannedExport) {
    const { shell } = this.host;
    if (shell.kind === "electron")
      return shell.chooseFile({
        kind: "save",
        title: "Save the export",
        suggestedName: name,
        extensions: shape.kind === "file" ? [shape.ending] : [],
      });
    const folder = join(this.waiting, randomUUID());
    await mkdir(folder, { recursive: true });
    return join(folder, name + (shape.kind === "folder" ? ".zip" : ""));
  }

  private async reveal(id: string): Promise<null> {
    const { shell } = this.host;
    const path = this.saved.get(id);
    if (path !== undefined && shell.kind === "electron")
      await shell.reveal(path);
    return null;
  }
}

function quietJob(
  { store }: Pick<Host, "store">,
  signal: AbortSignal = new AbortController().signal,
): ExportJob {
  return {
    source: store,
    signal,
    advance: () => undefined,
    leaveOut: () => undefined,
  };
}

class ExportProgress {
  private readonly task: Task;
  private now: HowFar & { total: number };

  constructor(
    emit: Host["emit"],
    id: string,
    { format }: ExportRequest,
    total: number,
  ) {
    const { title } = exportFormats[format];
    const isAnimation = format === "gif" || format === "webp";
    const unit = isAnimation ? "frames" : total > 1 ? "images" : "files";
    this.now = { title, done: 0, total, unit };
    this.task = new Task(emit, id, this.now);
  }

  advance(count = 1): void {
    const { done, total } = this.now;
    this.now = { ...this.now, done: Math.min(done + count, total) };
    this.task.show(this.now);
  }

  end(how: "done" | "cancelled" | "failed"): void {
    this.task.end(how);
  }
}

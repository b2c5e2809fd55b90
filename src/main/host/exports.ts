/**
 * Exports as the window and the command line ask for them: planned, previewed, made with progress, cancelled, and put
 * where the shell says or kept for one download.
 */
import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { exportRequestSchema } from "../../shared/contract/exports";
import { exportFormats } from "../../shared/contract/export-formats";
import type {
  ExportOutcome,
  ExportRequest,
} from "../../shared/contract/exports";
import type { TaskProgress } from "../../shared/contract/events";
import type { AppContract } from "../../shared/contract/index";
import type { Handlers } from "../../shared/rpc";
import { LeftOuts } from "../export/job";
import type { ExportJob } from "../export/job";
import { planExport, previewRequest } from "../export/plan";
import type { PlannedExport } from "../export/plan";
import { sendBytes, sendFile } from "./files";
import type { FileRoute } from "./files";
import type { Host } from "./host";
import { plain } from "./pages";

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

export interface ExportsArea {
  calls: Handlers<AppContract>["exports"];
  routes: FileRoute[];
  /** Makes an export at a path, telling its progress. */
  save(
    request: ExportRequest,
    path: string,
    task: SaveTask,
  ): Promise<SavedExport>;
  close(): Promise<void>;
}

const tellEvery = 100;

export function createExportsArea(host: Host): ExportsArea {
  const { shell, emit, store, exchange } = host;
  // Other processes share the data folder: each has a place of its own in it.
  const waiting = join(host.dataFolder, "exports", randomUUID());
  const running = new Map<string, AbortController>();
  const saved = new Map<string, string>();

  async function save(
    request: ExportRequest,
    path: string,
    task: SaveTask,
  ): Promise<SavedExport> {
    const quiet = quietJob(host, task.signal);
    const { work, remarks } = await planExport(request, quiet);
    const progress = progressOf(request, task.id, work, emit);
    const left = new LeftOuts();
    const { force, asArchive = false, signal } = task;
    try {
      const { advance } = progress;
      const bytes = await exchange.export(
        { library: store.library, request, path, force, asArchive },
        { signal, advance, leaveOut: (file) => left.add(file) },
      );
      progress.end("done");
      return {
        bytes,
        remarks: [...new Set([...remarks, ...left.sentences])],
      };
    } catch (error) {
      progress.end(task.signal.aborted ? "cancelled" : "failed");
      throw error;
    }
  }

  /** In Electron where the user says; null where the dialog was closed. Replacing was confirmed there. */
  async function targetOf(plan: PlannedExport): Promise<string | null> {
    if (shell.kind === "electron")
      return shell.chooseFile({
        kind: "save",
        title: "Save the export",
        suggestedName: plan.name,
        extensions: plan.shape.kind === "file" ? [plan.shape.ending] : [],
      });
    const folder = join(waiting, randomUUID());
    await mkdir(folder, { recursive: true });
    const ending = plan.shape.kind === "folder" ? ".zip" : "";
    return join(folder, plan.name + ending);
  }

  async function start(
    id: string,
    request: ExportRequest,
  ): Promise<ExportOutcome> {
    const abort = new AbortController();
    running.set(id, abort);
    try {
      const plan = await planExport(request, quietJob(host, abort.signal));
      const path = await targetOf(plan);
      if (path === null) return { state: "cancelled" };
      const isDownload = shell.kind === "browser";
      const { bytes, remarks } = await save(request, path, {
        id,
        force: true,
        asArchive: isDownload,
        signal: abort.signal,
      });
      saved.set(id, path);
      if (!isDownload) return { state: "saved", path, bytes, remarks };
      const [key, name] = path.split(/[\\/]/).slice(-2);
      const url = `/files/exports/${key}/${encodeURIComponent(name)}`;
      return { state: "download", url, name, bytes, remarks };
    } catch (error) {
      if (abort.signal.aborted) return { state: "cancelled" };
      throw error;
    } finally {
      running.delete(id);
    }
  }

  return {
    save,
    calls: {
      async plan({ request }) {
        const plan = await planExport(request, quietJob(host));
        const { shape, name, images, size, preview, remarks } = plan;
        return { shape, name, images, size, preview, remarks };
      },
      start: ({ id, request }) => start(id, request),
      cancel({ id }) {
        running.get(id)?.abort(new Error("The export was cancelled."));
        return null;
      },
      async reveal({ id }) {
        const path = saved.get(id);
        if (path !== undefined && shell.kind === "electron")
          await shell.reveal(path);
        return null;
      },
    },
    routes: [previewRoute(host), downloadRoute(waiting)],
    async close() {
      for (const abort of running.values())
        abort.abort(new Error("The application was closed."));
      // Nothing waits where the data folder cannot be.
      await rm(waiting, { recursive: true, force: true }).catch(
        () => undefined,
      );
    },
  };
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

/** Tells at most ten times a second, and always how it ended. */
function progressOf(
  { format }: ExportRequest,
  id: string,
  total: number,
  emit: Host["emit"],
) {
  const { title } = exportFormats[format];
  const isAnimation = format === "gif" || format === "webp";
  const unit = isAnimation ? "frames" : total > 1 ? "images" : "files";
  let done = 0;
  let lastTold = 0;
  const tell = (ended: TaskProgress["ended"]) => {
    lastTold = Date.now();
    const task: TaskProgress = {
      id,
      title,
      done: Math.min(done, total),
      total,
      unit,
      ended,
    };
    emit({ type: "task-progress", task });
  };
  return {
    advance(count = 1) {
      done += count;
      if (Date.now() - lastTold >= tellEvery) tell(null);
    },
    end: tell,
  };
}

const types: Readonly<Record<string, string>> = {
  png: "image/png",
  gif: "image/gif",
  webp: "image/webp",
  svg: "image/svg+xml",
};

function previewRoute({ store, exchange }: Host): FileRoute {
  return {
    method: "GET",
    path: "exports/preview",
    async answer(_, request) {
      const text = new URL(request.url).searchParams.get("request") ?? "";
      const wanted = parseRequest(text);
      const shown = wanted && previewRequest(wanted);
      if (!shown) return plain(400, "There is nothing to see of this export.");
      const isText = textFormats.includes(shown.format);
      const bytes = await exchange.preview(
        {
          library: store.library,
          request: shown,
          most: isText ? mostText : null,
        },
        request.signal,
      );
      if (isText) return sendBytes(bytes, "text/plain; charset=utf-8");
      if (shown.format === "html") return sendPage(bytes);
      const ending = exportFormats[shown.format].ending ?? "";
      return sendBytes(bytes, types[ending] ?? "application/octet-stream");
    },
  };
}

/** What a preview shows the beginning of. */
const textFormats: readonly string[] = [
  "csv",
  "json",
  "layers",
  "onnx",
  "pytorch",
  "safetensors",
];
const mostText = 16_384;

/** A report in a frame of the window: alone in an origin of its own, with the policy that the report itself names. */
function sendPage(bytes: Uint8Array<ArrayBuffer>): Response {
  const response = sendBytes(bytes, "text/html; charset=utf-8");
  response.headers.set(
    "content-security-policy",
    "sandbox allow-scripts; frame-ancestors 'self'",
  );
  return response;
}

/** As a file to keep, whatever it holds: a report must not open on the application's own address. */
function downloadRoute(folder: string): FileRoute {
  return {
    method: "GET",
    path: "exports/:key/:name",
    async answer({ key, name }, request) {
      if (!/^[0-9a-f-]{36}$/.test(key))
        return plain(404, "There is no such export.");
      const path = join(folder, key, name);
      const type = "application/octet-stream";
      const response = await sendFile({ folder, path, type }, request);
      const coded = encodeURIComponent(name);
      response.headers.set(
        "content-disposition",
        `attachment; filename*=UTF-8''${coded}`,
      );
      return response;
    },
  };
}

function parseRequest(text: string): ExportRequest | null {
  try {
    return exportRequestSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** The library as the window sees it: calls, changes, and the files of a run. */
import { existsSync } from "node:fs";
import { encodeMetrics } from "../../shared/contract/files";
import type { AppContract } from "../../shared/contract/index";
import { runIdSchema } from "../../shared/run";
import type { RunListing } from "../../shared/run";
import type { Handlers } from "../../shared/rpc";
import { overviewOf } from "../runs/curves/overview";
import type { RunChange, RunStore } from "../runs/run-store";
import { RunTable } from "../runs/run-table";
import { createExampleCalls } from "./examples";
import { Follower } from "./follower";
import { sendBytes, sendFile } from "./files";
import type { FileRoute } from "./files";
import type { Host } from "./host";
import { plain } from "./pages";
import { logPage } from "./run-log";

export class RunsArea {
  readonly calls: Handlers<AppContract>["runs"];
  readonly routes: FileRoute[];
  private readonly follower: Follower;

  constructor(private readonly host: Host) {
    const { store } = host;
    const table = new RunTable(store);
    this.follower = new Follower(host.emit);
    store.onChange((change) => this.tell(change));
    this.routes = runRoutes(store);
    this.calls = {
      query: (query) => table.query(query),
      columns: ({ filter }) => table.columns(filter),
      async list({ ids }) {
        const there = ids.filter((id) => existsSync(store.folder(id)));
        return Promise.all(there.map((id) => store.get(id)));
      },
      speed: ({ settings }) => table.speed(settings),
      get: ({ id }) => store.get(id),
      repair: ({ id }) => store.repair(id),
      checkpoints: ({ id }) => store.checkpoints(id),
      edit: ({ id, edit }) => store.edit(id, edit),
      async log({ id, before, limit }) {
        const listing = await store.get(id);
        if (listing.kind === "damaged") throw new Error(listing.reason);
        const groups = await store.series(id, 0);
        return logPage(listing.record, groups, before, limit);
      },
      async remove({ ids }) {
        await store.remove(ids);
        return null;
      },
      async restore({ ids }) {
        await store.restore(ids);
        return null;
      },
      trash: () => store.trashed(),
      emptyTrash: () => store.emptyTrash(),
      ...createExampleCalls(store),
      lookAtImport: ({ path, stepColumn }) =>
        store.lookAtImport(path, { stepColumn }),
      importFile: ({ path, stepColumn }) => this.import(path, stepColumn),
    };
  }

  private tell(change: RunChange): void {
    const { emit } = this.host;
    switch (change.type) {
      case "changed":
        emit({ type: "run-changed", listing: change.listing });
        this.follower.forgetEnded(change.listing);
        break;
      case "grew":
        this.follower.take(change.record, change.rows);
        break;
      case "removed":
        emit({ type: "runs-removed", ids: change.ids });
        break;
      case "warning": {
        const { text, run } = change;
        const notice = { level: "warning", text, advice: null, run } as const;
        emit({ type: "notice", notice });
        break;
      }
      default:
        change satisfies never;
    }
  }

  private async import(
    path: string,
    stepColumn: string | null,
  ): Promise<RunListing> {
    const { emit, preferences, store, uploads } = this.host;
    const listing = await store.importFile(path, { stepColumn });
    if (!(await uploads.discard(path)))
      emit({ type: "recent-files", paths: preferences.remember(path) });
    return listing;
  }
}

const sampleFolders = [
  ["samples", "last"],
  ["samples-average", "average"],
] as const;

/** Ids and steps are checked here: they come from the address. */
function runRoutes(store: RunStore): FileRoute[] {
  return [
    ...sampleFolders.map(([kind, weights]): FileRoute => ({
      method: "GET",
      path: `runs/:run/${kind}/:file`,
      async answer({ run, file }, request) {
        const step = /^(\d{1,12})\.png$/.exec(file)?.[1];
        if (!isRunId(run) || step === undefined)
          return plain(404, "There is no such sample.");
        const path = store.samplePath(run, Number(step), weights);
        const folder = store.library;
        return sendFile({ folder, path, type: "image/png" }, request);
      },
    })),
    {
      method: "GET",
      path: "runs/:run/metrics",
      async answer({ run }, request) {
        const after = new URL(request.url).searchParams.get("after") ?? "0";
        if (!isRunId(run) || !/^\d{1,12}$/.test(after))
          return plain(404, "There are no such metrics.");
        const bytes = await store.metrics(run, Number(after));
        return sendBytes(bytes, "application/octet-stream");
      },
    },
    {
      method: "GET",
      path: "runs/:run/overview",
      async answer({ run }, request) {
        const { searchParams } = new URL(request.url);
        const smoothing = Number(searchParams.get("smoothing") ?? 0);
        if (!isRunId(run) || !(smoothing >= 0 && smoothing < 1))
          return plain(404, "There are no such metrics.");
        const groups = overviewOf(await store.series(run, 0), smoothing);
        return sendBytes(encodeMetrics(groups), "application/octet-stream");
      },
    },
  ];
}

function isRunId(text: string): boolean {
  return runIdSchema.safeParse(text).success;
}

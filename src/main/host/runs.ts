/** The library as the window sees it: calls, changes, and the files of a run. */
import type { AppContract } from "../../shared/contract/index";
import { runIdSchema } from "../../shared/run";
import type { Handlers } from "../../shared/rpc";
import type { RunStore } from "../runs/run-store";
import { sendBytes, sendFile } from "./files";
import type { FileRoute } from "./files";
import type { Host } from "./host";
import { plain } from "./pages";

export interface RunsArea {
  calls: Handlers<AppContract>["runs"];
  routes: FileRoute[];
}

export function createRunsArea(host: Host): RunsArea {
  const { store, preferences, uploads, emit } = host;
  store.onChange((change) => {
    switch (change.type) {
      case "changed":
        emit({ type: "run-changed", listing: change.listing });
        break;
      case "removed":
        emit({ type: "runs-removed", ids: change.ids });
        break;
      case "warning":
        emit({
          type: "notice",
          notice: {
            level: "warning",
            text: change.text,
            advice: null,
            run: change.run,
          },
        });
        break;
      default:
        change satisfies never;
    }
  });

  return {
    calls: {
      list: () => store.list(),
      get: ({ id }) => store.get(id),
      edit: ({ id, edit }) => store.edit(id, edit),
      async remove({ ids }) {
        await store.remove(ids);
        return null;
      },
      async restore({ ids }) {
        await store.restore(ids);
        return null;
      },
      async importFile({ path }) {
        const listing = await store.importFile(path);
        if (!(await uploads.discard(path)))
          emit({ type: "recent-files", paths: preferences.remember(path) });
        return listing;
      },
    },
    routes: runRoutes(store),
  };
}

/** Ids and steps are checked here: they come from the address. */
function runRoutes(store: RunStore): FileRoute[] {
  return [
    {
      method: "GET",
      path: "runs/:run/samples/:file",
      async answer({ run, file }, request) {
        const step = /^(\d{1,12})\.png$/.exec(file)?.[1];
        if (!isRunId(run) || step === undefined)
          return plain(404, "There is no such sample.");
        const path = store.samplePath(run, Number(step));
        return sendFile(path, "image/png", request);
      },
    },
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
  ];
}

function isRunId(text: string): boolean {
  return runIdSchema.safeParse(text).success;
}

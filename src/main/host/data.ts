/** The data sets as the window sees them: the list, preparation with progress, facts and pictures. */
import type { AppContract } from "../../shared/contract/index";
import type { DataSetListing } from "../../shared/contract/data";
import type { TaskProgress } from "../../shared/contract/events";
import type { Handlers } from "../../shared/rpc";
import type { DataSettings } from "../../shared/settings";
import { loadImages } from "../data/load";
import type { ImageSet } from "../data/image-set";
import type { FileRoute } from "./files";
import type { Host } from "./host";

export interface DataArea {
  calls: Handlers<AppContract>["data"];
  routes: FileRoute[];
  /** Ends what is being prepared. */
  close(): void;
}

export function createDataArea(host: Host): DataArea {
  const { emit } = host;
  const preparing = new Map<string, AbortController>();

  async function load(data: DataSettings): Promise<ImageSet> {
    const abort = new AbortController();
    const id = data.source;
    preparing.get(id)?.abort();
    preparing.set(id, abort);
    let task: Omit<TaskProgress, "ended"> | null = null;
    const tell = (ended: TaskProgress["ended"]) => {
      if (task) emit({ type: "task-progress", task: { ...task, ended } });
    };
    try {
      const images = await loadImages(data, {
        dataFolder: host.dataFolder,
        seed: 0,
        signal: abort.signal,
        onProgress(progress) {
          task = { id, ...progress };
          tell(null);
        },
      });
      tell("done");
      return images;
    } catch (error) {
      tell(abort.signal.aborted ? "cancelled" : "failed");
      throw error;
    } finally {
      if (preparing.get(id) === abort) preparing.delete(id);
    }
  }

  return {
    calls: {
      list: () => [strokes],
      async prepare({ data }) {
        await load(data);
        return null;
      },
      cancel({ source }) {
        preparing.get(source)?.abort();
        return null;
      },
      preview: () => Promise.reject(new Error("Not there yet.")),
      add: () => Promise.reject(new Error("Not there yet.")),
      remove: () => Promise.reject(new Error("Not there yet.")),
    },
    routes: [],
    close() {
      for (const abort of preparing.values()) abort.abort();
    },
  };
}

const strokes: DataSetListing = {
  source: "strokes",
  title: "Strokes",
  summary: "Ten digit classes drawn from vector strokes; always there.",
  state: "ready",
  reason: null,
  count: 60_000,
  classes: Array.from("0123456789"),
};

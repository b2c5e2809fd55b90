/** The host's side of the studio thread. A crashed thread fails what was under way and is replaced at the next call. */
import type { Worker } from "node:worker_threads";
import type { ModelState } from "../engine/engine";
import { withAverage } from "../graph/parameters";
import type { Exploration, Viewpoint } from "../../shared/contract/explore";
import type { TrainingSettings } from "../../shared/settings/settings";
import type { Drawn } from "./explorer";
import type {
  FromStudio,
  InputOf,
  OutputOf,
  StudioCall,
  ToStudio,
} from "./messages";
import { createThread, onGone } from "../thread";

interface Model {
  settings: TrainingSettings;
  state: ModelState;
}

export interface Studio {
  /** Draws with a model that `load` gives where the thread does not hold it yet. */
  draw(
    model: string,
    load: () => Promise<Model>,
    look: Pick<Viewpoint, "mode" | "truncation" | "weights">,
    exploration: Exploration,
  ): Promise<Drawn>;
  /** Any call of the table. Rejects with one sentence. */
  call<K extends StudioCall>(name: K, input: InputOf<K>): Promise<OutputOf<K>>;
  close(): Promise<void>;
}

/** The thread starts at the first call. */
export function createStudio(
  thread: () => Promise<Worker> = () => createThread("studio"),
): Studio {
  let worker: Promise<Worker> | null = null;
  let nextId = 1;
  const waiting = new Map<
    number,
    { resolve(value: unknown): void; reject(error: Error): void }
  >();

  async function call<K extends StudioCall>(
    name: K,
    input: InputOf<K>,
  ): Promise<OutputOf<K>> {
    const id = nextId++;
    const current = await (worker ??= begin());
    const value = await new Promise<unknown>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      current.postMessage({ type: "call", id, name, input } as ToStudio);
    });
    // Our own thread's answer to this very call.
    return value as OutputOf<K>;
  }

  async function begin(): Promise<Worker> {
    const created = await thread();
    created.on("message", receive);
    onGone(created, crash);
    return created;
  }

  function receive(message: FromStudio): void {
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.ok) asked?.resolve(message.value);
    else asked?.reject(new Error(message.sentence));
  }

  function crash(cause: Error): void {
    worker = null;
    for (const { reject } of waiting.values())
      reject(new Error(`The studio broke down: ${cause.message}. Try again.`));
    waiting.clear();
  }

  return {
    call,
    async draw(model, load, look, exploration) {
      if (!(await call("holds", { model }))) {
        const { settings, state: saved } = await load();
        const state = look.weights === "average" ? withAverage(saved) : saved;
        await call("load", { model, settings, state });
      }
      return call("draw", { model, look, exploration });
    },
    async close() {
      if (!worker) return;
      const current = await worker;
      const ended = new Promise((resolve) => current.once("exit", resolve));
      current.postMessage({ type: "exit" } satisfies ToStudio);
      await ended;
    },
  };
}

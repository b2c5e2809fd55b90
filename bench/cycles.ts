/**
 * `npm run bench:cycles [-- COUNT]`: starts a short run, deletes it as soon as it is told to have finished, and starts the
 * next, through browser mode. Counts how often one of both was refused and had to be tried again; wants a built application.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { wiseoddMlp } from "../src/shared/settings/presets/wiseodd-mlp";
import { Window } from "./calls/window";
import { serve } from "./window/browser-mode";

const count = Number(process.argv[2] ?? 200);
const settings = {
  ...wiseoddMlp.settings,
  schedule: {
    ...wiseoddMlp.settings.schedule,
    length: { unit: "steps" as const, count: 5 },
  },
  data: {
    ...wiseoddMlp.settings.data,
    source: "strokes",
    limit: { count: 128, pick: "first" as const },
  },
};

const home = await mkdtemp(join(tmpdir(), "gan-workbench-cycles-"));
const served = await serve(home);
const window = await Window.open(served.url);
const { runs, training } = window.client;
const finished = new Set<string>();
window.onEvent((event) => {
  if (event.type === "run-changed" && event.listing.kind === "run")
    if (event.listing.record.state === "finished")
      finished.add(event.listing.record.id);
});
let retries = 0;
const begin = performance.now();
for (let cycle = 0; cycle < count; cycle++) {
  const listing = await again(() => training.start({ settings, name: null }));
  if (listing.kind !== "run") throw new Error(listing.reason);
  const { id } = listing.record;
  while (!finished.has(id)) await delay(1);
  await again(() => runs.remove({ ids: [id] }));
}
const seconds = (performance.now() - begin) / 1000;
console.log(
  `${count} runs started and deleted in ${seconds.toFixed(0)} s, ${retries} retries.`,
);
window.close();
await served.close();
await rm(home, { recursive: true, force: true });

async function again<T>(call: () => Promise<T>): Promise<T> {
  for (;;)
    try {
      return await call();
    } catch (error) {
      retries++;
      if (retries > 1000) throw error;
      await delay(5);
    }
}

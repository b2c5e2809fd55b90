/**
 * `tsx bench/learning/asked.ts LIBRARY RUN...`: of 1,000 samples of each run's last checkpoint, how many the data set's own
 * classifier names as the class that they were asked for, class by class.
 */
import { createEngine } from "../../src/main/engine";
import { findPlaces } from "../../src/main/host/places";
import { Extractor } from "../../src/main/quality/extractor/extractor";
import { toBytes } from "../../src/main/quality/extractor/pictures";
import { realImagesOf } from "../../src/main/quality/judging/real-images";
import { samplesOf } from "../../src/main/quality/judging/scores";
import { carriedExtractor } from "../../src/main/runs/folder/layout";
import { createStore } from "../../src/main/runs/store";

const samples = 1000;
const [library, ...runs] = process.argv.slice(2);
const { signal } = new AbortController();
const store = await createStore(library);
const engine = await createEngine("onnx");
for (const run of runs) console.log(`${run}: ${await namedAsAsked(run)}`);
await store.close();

async function namedAsAsked(run: string): Promise<string> {
  const listing = await store.get(run);
  if (listing.kind !== "run" || !listing.record.settings) return "no run";
  const { settings, data } = listing.record;
  const { state } = await store.readCheckpoint(
    run,
    listing.checkpoints.at(-1) ?? 0,
  );
  const found = await realImagesOf(settings, engine, {
    library,
    carried: carriedExtractor(store.folder(run)),
    dataFolder: findPlaces().data,
    dataHash: data?.hash ?? null,
    signal,
    onProgress: () => undefined,
  });
  if (found.kind === "none") return found.reason;
  const { engine: options } = settings;
  const session = await engine.createSession(settings, state, options);
  const made = await samplesOf({ session, settings }, samples, 0, signal);
  await session.dispose();
  const { channels, size, range } = settings.data;
  const pixels = toBytes(made.pixels, range);
  const extractor = await Extractor.open(engine, found.real.extractor);
  const pictures = { count: samples, channels, size, pixels };
  const { logits } = await extractor.read(pictures, signal);
  await extractor.dispose();
  if (!logits || !made.labels) return "no labels";
  const classes = logits.length / samples;
  const right = new Array<number>(classes).fill(0);
  const all = new Array<number>(classes).fill(0);
  for (const [i, asked] of made.labels.entries()) {
    const own = logits.subarray(i * classes, (i + 1) * classes);
    all[asked]++;
    if (own.indexOf(Math.max(...own)) === asked) right[asked]++;
  }
  return right.map((n, i) => `${i}: ${n} of ${all[i]}`).join(", ");
}

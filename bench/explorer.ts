/**
 * How long the explorer takes for 64 samples, thread and messages included: `npx tsx bench/explorer.ts [PRESET]`.
 * Prints the median and the best of 40 pictures.
 */
import { initialState } from "../src/main/graph/parameters";
import { createStudio } from "../src/main/studio/studio";
import { weightStream } from "../src/main/trainer/streams";
import { findPreset } from "../src/shared/settings/presets";

const id = process.argv.at(2) ?? "jaketae-mlp";
const preset = findPreset(id);
if (!preset) throw new Error(`There is no preset ${id}.`);
const { settings } = preset;
const studio = createStudio();
const load = () =>
  Promise.resolve({ settings, state: initialState(settings, weightStream(0)) });
const times: number[] = [];
for (let seed = 0; seed < 45; seed++) {
  const began = performance.now();
  await studio.draw(
    id,
    load,
    { mode: "evaluation", truncation: null, weights: "last" },
    { kind: "samples", seed, count: 64 },
  );
  // The first few load the model and compile its graphs.
  if (seed >= 5) times.push(performance.now() - began);
}
await studio.close();
times.sort((a, b) => a - b);
console.log(
  `${id}, 64 samples: median ${times[20].toFixed(1)} ms, best ${times[0].toFixed(1)} ms`,
);

/**
 * `tsx tools/doctor/fixtures.ts LIBRARY RUN ...`: the curves and measurements of runs that `calibrate-doctor` trained, as
 * the fixtures of `test/shared/doctor/recorded.test.ts`. Figures keep four digits.
 */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createStore } from "../../src/main/runs/store";

/** Those that findings read. */
const tags = [
  "loss/discriminator",
  "loss/generator",
  "score/real",
  "score/fake",
  "gradient/discriminator",
  "gradient/generator",
];
const folder = resolve(import.meta.dirname, "../../test/fixtures/doctor");

void main();

async function main(): Promise<void> {
  const [library, ...ids] = process.argv.slice(2);
  const store = await createStore(resolve(library), { make: false });
  for (const id of ids) {
    const listing = await store.get(id);
    if (listing.kind === "damaged" || !listing.record.settings)
      throw new Error(`${id} is not a run of ours.`);
    const { state, reason, settings, data, progress } = listing.record;
    const groups = (await store.series(id, 0)).flatMap((group) => {
      const kept = tags.filter((tag) => group.tags.includes(tag));
      const values = kept.map((tag) =>
        Array.from(group.values[group.tags.indexOf(tag)], short),
      );
      return kept.length > 0
        ? [{ tags: kept, steps: [...group.steps], values }]
        : [];
    });
    const run = {
      record: { id, state, reason, settings, data, progress },
      groups,
      qualities: await store.qualities(id),
      checkpoints: listing.checkpoints,
    };
    writeFileSync(join(folder, `${id}.json`), `${JSON.stringify(run)}\n`);
  }
  process.exit(0);
}

/** What is not a number is null in JSON. */
const short = (value: number) => Number(value.toPrecision(4));

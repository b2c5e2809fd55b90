/** `docs/reproduction.md`: every preset against its tutorial, from what `reproduce` has measured so far. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format } from "prettier";
import { tutorials } from "../../src/shared/settings/presets";
import type { Preset } from "../../src/shared/settings/settings";
import { printedFigures } from "./jaketae-figures";
import { tutorialImages, TutorialLines } from "./lines";
import { docs, readResult } from "./result";
import type { ReproducedRun, Reproduction } from "./result";
import { leastChance, mean, spreadOf } from "./spread";
import type { Spread } from "./spread";

interface Measured {
  preset: Preset;
  tutorial: TutorialLines;
  result: Reproduction;
  /** The lines that are compared: printed by every run, in the second half of the way that all have come. */
  compared: number[];
  /** As far as every run came. */
  reached: number;
  spreads: { figure: number; spread: Spread }[];
}

const titles = ["D loss", "G loss", "D(x)", "D(G(z))", "D(G(z)) in G's update"];
const shownLines = 8;

export async function writePage(): Promise<void> {
  const all: Measured[] = [];
  for (const preset of tutorials) {
    const result = await readResult(preset.id);
    if (result) all.push(measure(preset, result));
  }
  const missing = tutorials.filter(
    ({ id }) => !all.some(({ preset }) => preset.id === id),
  );
  const text = await format(page(all, missing), {
    parser: "markdown",
    proseWrap: "always",
    printWidth: 120,
  });
  await writeFile(join(docs, "reproduction.md"), text);
}

/** Of the runs that have begun; nothing can be compared before there is one on each side. */
function measure(preset: Preset, known: Reproduction): Measured {
  const tutorial = new TutorialLines(preset);
  const runs = known.runs.filter(({ step }) => step > 0);
  const result = { ...known, runs };
  const sides = new Set(runs.map(({ by }) => by)).size;
  const reached = sides < 2 ? 0 : Math.min(...runs.map(({ step }) => step));
  const compared = tutorial.steps.filter(
    (step) => step <= reached && step > reached / 2,
  );
  const spreads = (compared.length === 0 ? [] : tutorial.figures).map(
    (figure) => {
      const means = (by: ReproducedRun["by"]) =>
        result.runs
          .filter((run) => run.by === by)
          .map((run) => meanOf(run, figure, compared));
      return { figure, spread: spreadOf(means("here"), means("PyTorch")) };
    },
  );
  return { preset, tutorial, result, compared, reached, spreads };
}

function meanOf(
  { lines }: ReproducedRun,
  figure: number,
  steps: readonly number[],
): number {
  return mean(
    lines
      .filter(([step]) => steps.includes(step))
      .map((line) => line[figure + 1]),
  );
}

function page(all: readonly Measured[], missing: readonly Preset[]): string {
  return `# The tutorials' trainings, run again

Each preset is trained as its tutorial trains, and so it is in PyTorch itself (\`bench/reproduction/reproduction.py\`): the same
networks, losses, optimisers and images, with random numbers of its own. \`npm run reproduce -- PRESET --minutes N --steps N\` measures, for
N minutes and up to a common number of steps, continues where the last call stopped, and writes this page. The figures are in
\`docs/reproduction\`: a run that is long enough there is not trained again, wherever its checkpoints are.

A figure is compared over the lines that the tutorial prints in the second half of the way that all runs have come: of
each seed the mean. "Chance" is how likely so large a difference between the two sides would be if both did the same (the exact
permutation test over the seeds); below ${leastChance} they differ. With fewer than five seeds a side there is no such answer, and only the
ranges stand there.

| preset | steps, of the tutorial's | seeds, here and PyTorch | images, of the tutorial's | within PyTorch's own spread |
| --- | --- | --- | --- | --- |
${all.map(summaryRow).join("\n")}
${missing.map(({ id }) => `| ${id} | not measured yet | | | |`).join("\n")}

${ownLogs}

${all.map(section).join("\n\n")}
`;
}

/** Laid over each other by hand: the tutorial's event files imported into the library of our runs, and all six compared. */
const ownLogs = `## The logs that the tutorial of the jrtechs presets kept

Its repository has the TensorBoard logs of its three trainings, 31,400 steps each. Imported, their \`D_Loss\` and \`G_Loss\` are
laid over our own losses. Here they are beside three runs of the presets on 19,690 digits: 5,000 steps of \`jrtechs-gan\` and
\`jrtechs-wgan\`, which goes the tutorial's way to where G's loss comes back to 0 at step 3,000, and 300 of \`jrtechs-dcgan\`. The
tutorial had all 60,000 digits.

![The tutorial's three logs and three runs of ours](images/tutorial-logs.png)`;

function summaryRow(measured: Measured): string {
  const { preset, tutorial, result, reached } = measured;
  const images = `${amount(result.data.images)} of ${amount(tutorialImages(preset))}`;
  return `| [${preset.id}](#${preset.id}) | ${amount(reached)} of ${amount(tutorial.totalSteps)} | ${seeds(result)} | ${images} | ${verdict(measured)} |`;
}

function verdict({ spreads, compared }: Measured): string {
  if (compared.length === 0) return "no line yet";
  if (spreads.some(({ spread }) => spread.chance === null))
    return "too few seeds to say";
  const beyond = spreads.filter(
    ({ spread: { chance } }) => chance !== null && chance < leastChance,
  );
  return beyond.length === 0
    ? "yes, in every figure"
    : `not in ${beyond.map(({ figure }) => titles[figure]).join(", ")}`;
}

function seeds({ runs }: Reproduction): string {
  const count = (by: ReproducedRun["by"]) =>
    runs.filter((run) => run.by === by).length;
  return `${count("here")} and ${count("PyTorch")}`;
}

function section(measured: Measured): string {
  const { preset, result, compared, spreads, reached, tutorial } = measured;
  const rows = spreads.map(({ figure, spread }) => {
    const { ours, theirs, chance } = spread;
    return `| ${titles[figure]} | ${range(ours)} | ${range(theirs)} | ${chance === null ? "-" : chance.toFixed(2)} |`;
  });
  const ways =
    reached === tutorial.totalSteps
      ? "the tutorial's whole length"
      : `${amount(reached)} of the tutorial's ${amount(tutorial.totalSteps)} steps`;
  return `## ${preset.id}

${preset.title}, after ${preset.source.title} by ${preset.source.author}. Data: ${result.data.title}, ${amount(result.data.images)} images. Engine: ${result.engine}. Length: ${ways}.

${
  compared.length === 0
    ? "No line that the tutorial prints has been reached by all runs in the second half of their way."
    : `Mean of each seed over ${compared.length} lines, from step ${amount(compared[0])} to ${amount(compared[compared.length - 1])}, the smallest to the largest:

| figure | here | PyTorch | chance |
| --- | --- | --- | --- |
${rows.join("\n")}`
}

${preset.id === "jaketae-mlp" ? jaketaeBands(measured) : ""}

Seed 0 in the tutorial's words, here and in PyTorch:

\`\`\`
${printed(measured, "here")}

${printed(measured, "PyTorch")}
\`\`\`

The same points of latent space over training, seed 0:

![Samples of ${preset.id}](reproduction/${preset.id}.png)`;
}

/** Lines spread over what both have. */
function printed(
  { tutorial, result }: Measured,
  by: ReproducedRun["by"],
): string {
  const run = result.runs.find((one) => one.by === by && one.seed === 0);
  const lines = run?.lines ?? [];
  const every = Math.max(1, (lines.length - 1) / (shownLines - 1));
  const shown = new Set(
    Array.from({ length: shownLines }, (_, index) => Math.round(index * every)),
  );
  return lines
    .filter((_, index) => shown.has(index))
    .map((line) => tutorial.print(line))
    .join("\n");
}

/** The one tutorial that prints its figures; they bind where its 60,000 digits are there. */
function jaketaeBands({ preset, result }: Measured): string {
  const rows = printedFigures[0].map((_, figure) => {
    const band = printedFigures.map((figures) => figures[figure]);
    const [low, high] = [Math.min(...band), Math.max(...band)];
    const inside = (by: ReproducedRun["by"]) => {
      const values = result.runs
        .filter((run) => run.by === by)
        .flatMap(({ lines }) => lines.map((line) => line[figure + 1]));
      const count = values.filter(
        (value) => value >= low - slack[figure] && value < high + slack[figure],
      ).length;
      return `${count} of ${values.length}`;
    };
    return `| ${titles[figure]} | ${low} to ${high} | ${inside("here")} | ${inside("PyTorch")} |`;
  });
  const binding = result.data.images >= tutorialImages(preset);
  return `Lines within the band from the smallest to the largest figure that the tutorial printed:

| figure | the tutorial's band | here | PyTorch |
| --- | --- | --- | --- |
${rows.join("\n")}

${binding ? "" : `The tutorial trained on ${amount(tutorialImages(preset))} digits and these runs on ${amount(result.data.images)}: each is seen more often, D memorizes them, and the figures leave the band, in PyTorch as here. `}At the very first line a discriminator with fresh weights is far ahead of its generator, on both sides, while the tutorial's first line (0.9407) looks like one of networks that had been trained before, as when a notebook's cell is run again.`;
}

/** Half of the last digit that the tutorial prints. */
const slack = [5e-5, 5e-5, 5e-3, 5e-3];

function range(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return values.length === 1
    ? decimal(low)
    : `${decimal(low)} to ${decimal(high)}`;
}

function decimal(value: number): string {
  return value.toPrecision(3);
}

function amount(value: number): string {
  return value.toLocaleString("en");
}

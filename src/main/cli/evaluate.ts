/** `evaluate`: how good a run's saved steps are, with the floor or ceiling and the interval of every number. */
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { fewestSamples, usualSamples } from "../../shared/contract/quality";
import { formatValue } from "../../shared/format-value";
import { measureKinds, measureNames, stampOf } from "../../shared/quality";
import type { Quality } from "../../shared/quality";
import { idOf, weightChoiceSchema } from "../../shared/run";
import type { WeightChoice } from "../../shared/run";
import type { Application } from "../host/app";
import { CommandFailure } from "./failure";
import { addLibraryOptions, parseCount, parseStep } from "./options";
import type { LibraryOptions } from "./options";
import { findRun, withRuns } from "./session";
import { printJson, printLine, printTable } from "./terminal";
import type { Terminal } from "./terminal";
import { showTasks } from "./setting-options";

interface EvaluateOptions extends LibraryOptions {
  step: number | "last" | "all";
  samples: number;
  weights: WeightChoice;
}

export function addEvaluate(program: Command, terminal: Terminal): void {
  const command = program
    .command("evaluate <run>")
    .description(
      "measure how good a run's samples are, on images that it never saw",
    )
    .option(
      "--step <step>",
      "a step with a checkpoint, `last` or `all`",
      parseSteps,
      "last",
    )
    .option(
      "--samples <n>",
      `how many samples to draw, at most ${usualSamples}`,
      parseSamples,
      usualSamples,
    )
    .addOption(
      new Option(
        "--weights <which>",
        "of G, where the run keeps an average of them",
      )
        .choices(weightChoiceSchema.options)
        .default("average"),
    );
  addLibraryOptions(command).action(
    async (words: string, options: EvaluateOptions) => {
      await withRuns(options.library, async (application) => {
        const { run, steps } = await chosen(application, words, options.step);
        for (const step of steps)
          await evaluate(application, terminal, { run, step }, options);
      });
    },
  );
}

async function chosen(
  application: Application,
  words: string,
  step: EvaluateOptions["step"],
): Promise<{ run: string; steps: number[] }> {
  const listing = await findRun(application, words);
  const run = idOf(listing);
  const saved = listing.kind === "run" ? listing.checkpoints : [];
  if (saved.length === 0)
    throw new CommandFailure(
      `The run ${run} has no checkpoint, so there is nothing to draw samples with.`,
      2,
    );
  if (step === "all") return { run, steps: saved };
  if (step === "last") return { run, steps: saved.slice(-1) };
  if (!saved.includes(step))
    throw new CommandFailure(
      `The run ${run} has no checkpoint at step ${step}; it has those at ${saved.join(", ")}.`,
      2,
    );
  return { run, steps: [step] };
}

async function evaluate(
  application: Application,
  terminal: Terminal,
  at: { run: string; step: number },
  { samples, weights, json }: EvaluateOptions,
): Promise<void> {
  // With --json, standard output is the answer and nothing else.
  const answer = await showTasks(application, terminal, false, () =>
    application.handlers.quality.evaluate({ ...at, samples, weights, seed: 0 }),
  );
  if (answer.kind === "none") throw new CommandFailure(answer.reason, 2);
  if (json) printJson(terminal, answer.quality);
  else describe(terminal, answer.quality);
}

function describe(terminal: Terminal, quality: Quality): void {
  const { runId, step, measures } = quality;
  printLine(terminal, `${runId}, step ${step}`);
  printLine(terminal, stampOf(quality));
  printLine(terminal, "");
  printTable(terminal, [
    ["MEASURE", "VALUE", "95 %", "REAL IMAGES"],
    ...measureNames.map((name) => {
      const measure = measures[name];
      const { title, bound } = measureKinds[name];
      if ("reason" in measure) return [title, "-", "-", measure.reason];
      const { value, low, high } = measure;
      const real = "floor" in measure ? measure.floor : measure.ceiling;
      return [
        title,
        formatValue(value),
        `${formatValue(low)} to ${formatValue(high)}`,
        `${bound} ${formatValue(real)}`,
      ];
    }),
  ]);
  printLine(terminal, "");
}

function parseSteps(text: string): EvaluateOptions["step"] {
  if (text === "last" || text === "all") return text;
  if (!/^\d+$/.test(text))
    throw new InvalidArgumentError("It must be a step, `last` or `all`.");
  return parseStep(text);
}

function parseSamples(text: string): number {
  const count = parseCount(text);
  if (count < fewestSamples || count > usualSamples)
    throw new InvalidArgumentError(
      `It must be a whole number from ${fewestSamples} to ${usualSamples}.`,
    );
  return count;
}

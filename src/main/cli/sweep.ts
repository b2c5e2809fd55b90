/** `sweep`: many runs that differ in some settings and seeds, as one: started, looked at, made up, cancelled. */
import type { Command } from "commander";
import type { SweepManifest } from "../../shared/sweeps/manifest";
import { usualName } from "../../shared/sweeps/plan";
import type { SweepPlan } from "../../shared/sweeps/plan";
import { usualEarlyStop } from "../../shared/sweeps/early-stop";
import { sweepCost } from "../../shared/sweeps/cost";
import type { Application } from "../host/app";
import { asUsage, CommandFailure } from "./failure";
import { followRun } from "./follow";
import { addLibraryOptions, parseStep } from "./options";
import type { LibraryOptions } from "./options";
import { duration } from "./progress-bar";
import { withApplication, withRuns } from "./session";
import {
  addRunnerOptions,
  giveToSlurm,
  kubernetesText,
  printScripts,
  writeForKubernetes,
} from "./sweep-cluster";
import type { RunnerOptions } from "./sweep-cluster";
import { addSweepOptions, atOnceOption, planFrom } from "./sweep-options";
import type { PreparedPlan, SweepOptions } from "./sweep-options";
import { printStatus, printSweeps } from "./sweep-status";
import { trainSweep } from "./sweep-train";
import { printJson, printLine } from "./terminal";
import type { Terminal } from "./terminal";

interface RerunOptions extends LibraryOptions, RunnerOptions {
  atOnce: number;
  detach?: boolean;
}

export function addSweep(program: Command, terminal: Terminal): void {
  const sweep = program
    .command("sweep")
    .description("train many runs that differ in some settings and seeds");
  addRunnerOptions(
    addSweepOptions(
      sweep
        .command("start")
        .description(
          "train them here to the end, put them in the queue, or give them to a cluster",
        ),
    ),
    "here",
  ).action((options: SweepOptions) => {
    const open = options.dryRun ? withRuns : withApplication;
    return open(options.library, (application) =>
      start(application, options, terminal),
    );
  });
  addLibraryOptions(
    sweep
      .command("status [sweep]")
      .description(
        "what became of each run; without an id, the sweeps there are",
      ),
  ).action((words: string | undefined, options: LibraryOptions) =>
    withRuns(options.library, (application) =>
      showStatus(application, words, Boolean(options.json), terminal),
    ),
  );
  addRunnerOptions(
    addLibraryOptions(
      sweep
        .command("rerun <sweep>")
        .description(
          "train exactly what is missing: not trained, interrupted, stopped or failed",
        )
        .option("--missing", "what it does anyway")
        .addOption(atOnceOption())
        .option("--detach", "put it in the queue of the library, and end"),
    ),
    "where it was started",
  ).action((words: string, options: RerunOptions) =>
    withRuns(options.library, async (application) => {
      const manifest = await asUsage(() => findSweep(application, words));
      await trainOrQueue(application, manifest, options, terminal);
    }),
  );
  addLibraryOptions(
    sweep
      .command("cancel <sweep>")
      .description(
        "start no more of it; what is under way is stopped and saved",
      ),
  ).action((words: string, options: LibraryOptions) =>
    withRuns(options.library, async (application) => {
      const { id } = await asUsage(() => findSweep(application, words));
      const status = await application.handlers.sweeps.cancel({ id });
      if (options.json) printJson(terminal, status);
      else printStatus(terminal, status);
    }),
  );
  addLibraryOptions(
    sweep
      .command("run <sweep> <index>")
      .description(
        "start or resume one run of it here: for the tasks of a cluster",
      ),
  ).action((words: string, index: string, options: LibraryOptions) =>
    withRuns(options.library, (application) =>
      runEntry(application, { words, index }, Boolean(options.json), terminal),
    ),
  );
}

async function start(
  application: Application,
  options: SweepOptions,
  terminal: Terminal,
): Promise<void> {
  const manifest = await asUsage(async () => {
    const prepared = await planFrom(application, options, terminal);
    const { plan } = prepared;
    await tellCost(application, prepared, options, terminal);
    if (options.dryRun) {
      await tellScript(application, plan, options, terminal);
      return null;
    }
    if (options.runner === "kubernetes")
      kubernetesText({ id: "", count: 1 }, options);
    const name = (options.name ?? usualName(plan)).slice(0, 100);
    const { earlyStop: grace, id, report = false } = options;
    const earlyStop =
      grace === undefined
        ? null
        : usualEarlyStop(plan.configurations.length, grace);
    return application.handlers.sweeps.create({
      id,
      plan: { ...plan, name, earlyStop, report },
    });
  });
  if (manifest) await trainOrQueue(application, manifest, options, terminal);
}

/** To the standard error: the output is what was trained, or a cluster's script. With `--dry-run` here it is the output. */
async function tellCost(
  application: Application,
  { plan, images }: PreparedPlan,
  { dryRun: asks, json, runner = "here" }: SweepOptions,
  terminal: Terminal,
): Promise<void> {
  const dryRun = asks && runner === "here";
  const listings = await application.listRuns();
  const earlier = listings.flatMap((listing) =>
    listing.kind === "run" ? [listing.record] : [],
  );
  const cost = sweepCost(plan, images, earlier);
  const { configurations, seeds } = plan;
  if (dryRun && json) return printJson(terminal, { ...cost, ...plan });
  const lines = [
    `${count(configurations.length, "variant")} × ${count(seeds.length, "seed")}: ${count(cost.runs, "run")}${cost.steps === null ? "" : `, ${cost.steps} steps`}${cost.seconds === null ? "" : `, ${cost.measured ? "about" : "very roughly"} ${duration(cost.seconds)} one after the other`}${cost.bytes === null ? "" : `, about ${Math.ceil(cost.bytes / 1e6)} MB on the disk`}`,
    ...(dryRun ? configurations.map(({ label }) => label || "as it is") : []),
  ];
  for (const line of lines)
    if (dryRun) printLine(terminal, line);
    else if (!json) terminal.error.write(`${line}\n`);
}

/** With `--dry-run`: what another machine would be given. */
async function tellScript(
  application: Application,
  { configurations, seeds }: SweepPlan,
  options: SweepOptions,
  terminal: Terminal,
): Promise<void> {
  const sweep = {
    id: options.id ?? "SWEEP",
    count: configurations.length * seeds.length,
  };
  if (options.runner === "slurm")
    await printScripts(application, sweep, options, terminal);
  if (options.runner === "kubernetes")
    terminal.out.write(kubernetesText(sweep, options));
}

async function trainOrQueue(
  application: Application,
  manifest: SweepManifest,
  options: RerunOptions,
  terminal: Terminal,
): Promise<void> {
  const { id } = manifest;
  const { atOnce, detach, json } = options;
  const known = application.sweeps.isOnSlurm(id) ? "slurm" : "here";
  const runner = options.runner ?? known;
  if (runner === "slurm")
    return giveToSlurm(application, manifest, options, terminal);
  if (runner === "kubernetes")
    return writeForKubernetes(application, manifest, options, terminal);
  if (!detach) {
    const taken = await application.sweeps.takeUp(id);
    const training = { atOnce, json: Boolean(json) };
    return trainSweep(application, taken, training, terminal);
  }
  const status = await application.handlers.sweeps.enqueue({ id });
  if (json) return printJson(terminal, status);
  printLine(
    terminal,
    `Sweep ${id}: ${count(status.counts.waiting ?? 0, "run")} in the queue.`,
  );
  const { worker } = await application.handlers.queue.state({});
  if (worker === "nobody")
    printLine(
      terminal,
      "Nothing works on the queue now: open the window, or run `gan-workbench queue run`.",
    );
}

async function showStatus(
  { handlers }: Application,
  words: string | undefined,
  json: boolean,
  terminal: Terminal,
): Promise<void> {
  if (words === undefined) {
    const sweeps = await handlers.sweeps.list({});
    if (json) printJson(terminal, sweeps);
    else printSweeps(terminal, sweeps);
    return;
  }
  const { id } = await asUsage(() => findSweep({ handlers }, words));
  const status = await handlers.sweeps.status({ id });
  if (json) printJson(terminal, status);
  else printStatus(terminal, status);
}

async function runEntry(
  application: Application,
  { words, index }: { words: string; index: string },
  json: boolean,
  terminal: Terminal,
): Promise<void> {
  const { handlers } = application;
  const { begun, entry } = await asUsage(async () => {
    const { id, entries } = await findSweep(application, words);
    const place = parseStep(index);
    const made = await application.sweeps.begin(id, place, 1);
    return { begun: made, entry: entries[place] };
  });
  if (begun) return followRun(application, begun.listing, terminal, json);
  const listing = await handlers.runs.get({ id: entry.run });
  if (listing.kind === "damaged") throw new CommandFailure(listing.reason, 1);
  const { progress, reason, state } = listing.record;
  if (json)
    printJson(terminal, { type: state, run: entry.run, steps: progress.step });
  else printLine(terminal, `The run ${entry.run} has ${state} already.`);
  if (state === "diverged")
    throw new CommandFailure(reason ?? `The run ${entry.run} diverged.`, 3);
}

/** By its id, the beginning of its id, its name, or `last`. */
async function findSweep(
  { handlers }: Pick<Application, "handlers">,
  words: string,
): Promise<SweepManifest> {
  const sweeps = await handlers.sweeps.list({});
  const exact = sweeps.filter(({ id }) => id === words);
  const matches =
    words === "last"
      ? sweeps.slice(0, 1)
      : exact.length > 0
        ? exact
        : sweeps.filter(
            ({ id, name }) => id.startsWith(words) || name === words,
          );
  if (matches.length === 1) return handlers.sweeps.get({ id: matches[0].id });
  // One that is damaged is in no list, and says what is wrong with it.
  if (matches.length === 0 && /^[\w.-]+$/.test(words) && words !== "last")
    return handlers.sweeps.get({ id: words });
  throw new CommandFailure(
    matches.length === 0
      ? "There is no sweep in this library; `gan-workbench sweep start` makes one."
      : `${words} means ${matches.length} sweeps: ${matches.map(({ id }) => id).join(", ")}; write the whole id of the one you mean.`,
    2,
  );
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

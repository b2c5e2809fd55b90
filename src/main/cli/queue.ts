/** `queue`: the runs that wait for their turn in a library: looked at, put in another order, taken out, worked on. */
import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "commander";
import type { QueueState } from "../../shared/contract/queue";
import type { QueueItem } from "../../shared/queue";
import { mostAtOnce } from "../../shared/queue";
import type { Application } from "../host/app";
import { asUsage, CommandFailure } from "./failure";
import { onEndSignal } from "./end-signal";
import { addLibraryOptions, parseCount } from "./options";
import type { LibraryOptions } from "./options";
import { createProgressBar } from "./progress-bar";
import { withQueue, withRuns } from "./session";
import { oneLine, printJson, printLine, printTable } from "./terminal";
import type { Terminal } from "./terminal";

export function addQueue(program: Command, terminal: Terminal): void {
  const queue = program
    .command("queue")
    .description("the runs that wait for their turn");
  const change = (
    usage: string,
    description: string,
    act: (handlers: Handlers, words: string[]) => Promise<QueueState>,
  ) => {
    const command = queue
      .command(usage, { isDefault: usage === "list" })
      .description(description);
    addLibraryOptions(command).action(async (...given: unknown[]) => {
      // Commander gives the arguments, then the options, then the command.
      const options = given.at(-2) as LibraryOptions;
      const words = given.slice(0, -2) as string[];
      await withRuns(options.library, async ({ handlers }) => {
        const state = await asUsage(() => act(handlers, words));
        if (options.json) printJson(terminal, state);
        else printQueue(terminal, state);
      });
    });
  };
  change("list", "what waits and what is under way", ({ queue: calls }) =>
    Promise.resolve(calls.state({})),
  );
  change(
    "move <run> <place>",
    "put a run at another place among those that wait; 1 is the next",
    async ({ queue: calls }, [words, place]) => {
      const { run } = await findItem(calls, words);
      return calls.move({ run, to: parsePlace(place) - 1 });
    },
  );
  change(
    "remove <run>",
    "take a run out; one that is under way is stopped and saved",
    async ({ queue: calls }, [words]) => {
      const { run } = await findItem(calls, words);
      return calls.remove({ runs: [run] });
    },
  );
  change(
    "retry <run>",
    "queue a run again that could not start",
    async ({ queue: calls }, [words]) => {
      const { run } = await findItem(calls, words);
      return calls.retry({ run });
    },
  );
  change("hold", "start nothing more", async ({ queue: calls }) =>
    calls.change({ held: true }),
  );
  change("go", "continue after a hold", async ({ queue: calls }) =>
    calls.change({ held: false }),
  );
  change(
    "at-once <n>",
    `train so many at the same time, 1 to ${mostAtOnce}`,
    async ({ queue: calls }, [text]) => {
      const atOnce = parsePlace(text);
      if (atOnce > mostAtOnce)
        throw new CommandFailure(`At most ${mostAtOnce} train at once.`, 2);
      return calls.change({ atOnce });
    },
  );
  addLibraryOptions(
    queue
      .command("run")
      .description("train what waits, here, until nothing is left")
      .option("--forever", "and then wait for more"),
  ).action((options: LibraryOptions & { forever?: boolean }) =>
    withQueue(options.library, (application) =>
      workOnQueue(application, options, terminal),
    ),
  );
}

type Handlers = Application["handlers"];
type Calls = Handlers["queue"];

async function workOnQueue(
  application: Application,
  { forever = false, json = false }: LibraryOptions & { forever?: boolean },
  terminal: Terminal,
): Promise<void> {
  const { queue } = application.handlers;
  const { worker } = await queue.state({});
  if (worker === "elsewhere")
    throw new CommandFailure(
      "Another program works on this queue already: a window, or `gan-workbench queue run`.",
      2,
    );
  const bar = createProgressBar(terminal.error);
  const tell = (value: unknown, line: string) => {
    if (json) printJson(terminal, value);
    else bar.above(() => printLine(terminal, oneLine(line)));
  };
  const states = new Map<string, string>();
  const stopListening = application.onEvent((event) => {
    if (event.type === "training-progress") {
      if (json) printJson(terminal, { type: "progress", ...event.progress });
      else bar.showTraining(event.progress);
    }
    if (event.type === "notice")
      tell({ ...event.notice, type: "notice" }, event.notice.text);
    if (event.type !== "run-changed" || event.listing.kind !== "run") return;
    const { id, name, progress, reason, state } = event.listing.record;
    if (!application.isTraining(id) && !states.has(id)) return;
    if (states.get(id) === state) return;
    states.set(id, state);
    const { step: steps } = progress;
    tell(
      { type: state, run: id, steps, reason },
      `${name}: ${state}${steps > 0 ? ` after ${steps} steps` : ""}${reason ? ` (${reason})` : ""}`,
    );
  });
  let stopped = false;
  const forgetSignals = onEndSignal(() => {
    stopped = true;
    if (!json)
      terminal.error.write(
        "Stopping and saving; press Ctrl-C again to end at once.\n",
      );
  });
  try {
    application.queue.begin();
    while (!stopped && (forever || !application.queue.isIdle()))
      await delay(100);
    if (stopped) await application.stopTraining();
  } finally {
    bar.clear();
    stopListening();
    forgetSignals();
  }
  const { items } = await queue.state({});
  const [stuck] = items.filter(({ problem }) => problem !== null);
  if (stopped && items.length > 0)
    throw new CommandFailure(
      `Stopped and saved; ${items.length} left in the queue, and \`gan-workbench queue run\` continues it.`,
      75,
    );
  if (stuck)
    throw new CommandFailure(
      `${stuck.name} could not start: ${stuck.problem}`,
      1,
    );
}

/** By the run's id, the beginning of it, its name, or its place. */
async function findItem(calls: Calls, words: string): Promise<QueueItem> {
  const { items } = await calls.state({});
  const exact = items.filter(({ run }) => run === words);
  const matches =
    exact.length > 0
      ? exact
      : items.filter(
          ({ name, run }) => run.startsWith(words) || name === words,
        );
  if (matches.length === 1) return matches[0];
  throw new CommandFailure(
    matches.length === 0
      ? `There is no run ${words} in the queue; \`gan-workbench queue\` shows what is.`
      : `${words} means ${matches.length} runs: ${matches.map(({ run }) => run).join(", ")}; write the whole id of the one you mean.`,
    2,
  );
}

function printQueue(terminal: Terminal, state: QueueState): void {
  const { atOnce, held, items, worker } = state;
  const who = {
    here: "worked on here",
    elsewhere: "worked on by another program",
    nobody:
      "nothing works on it: open the window, or run `gan-workbench queue run`",
  }[worker];
  printLine(
    terminal,
    `${items.length} in the queue, ${atOnce} at once${held ? ", on hold" : ""}; ${who}.`,
  );
  if (items.length === 0) return;
  printTable(terminal, [
    ["PLACE", "RUN", "STATE", "NAME"],
    ...items.map((item, index) => [
      String(index + 1),
      item.run,
      stateOf(item),
      item.problem === null ? item.name : `${item.name} (${item.problem})`,
    ]),
  ]);
}

function stateOf({ problem, startedAt }: QueueItem): string {
  if (problem !== null) return "could not start";
  return startedAt === null ? "waits" : "started";
}

function parsePlace(text: string): number {
  try {
    return parseCount(text);
  } catch {
    throw new CommandFailure(`${text} must be a whole number above zero.`, 2);
  }
}

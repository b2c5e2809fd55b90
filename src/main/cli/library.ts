/** `library`: where the runs are and what they take, and moving them to another disk. `prune` and `restore` make room and undo it. */
import { resolve } from "node:path";
import type { Command } from "commander";
import type { MovedLibrary, PrunedSet } from "../../shared/contract/room";
import { idOf } from "../../shared/run";
import type { Application } from "../host/app";
import { asUsage } from "./failure";
import { onEndSignal } from "./end-signal";
import { addLibraryOptions, parseCount } from "./options";
import type { LibraryOptions } from "./options";
import { createProgressBar } from "./progress-bar";
import { findRun, withRuns } from "./session";
import { oneLine, printJson, printLine, printTable } from "./terminal";
import type { Terminal } from "./terminal";

type Rooms = Application["handlers"]["room"];

export function addLibrary(program: Command, terminal: Terminal): void {
  const library = program
    .command("library")
    .description(
      "where the runs are, how much room they take, and moving them",
    );
  addLibraryOptions(
    library
      .command("show", { isDefault: true })
      .description(
        "its folder, how much room it takes, and a move that is unfinished",
      ),
  ).action((options: LibraryOptions) => show(options, terminal));
  addLibraryOptions(
    library
      .command("move <folder>")
      .description(
        "copy it to a new folder, compare every file, use it from there, and remove the old one; Ctrl-C interrupts it",
      ),
  ).action((folder: string, options: LibraryOptions) =>
    move(options, terminal, (room) =>
      room.moveLibrary({ to: resolve(folder) }),
    ),
  );
  addLibraryOptions(
    library.command("continue").description("continue a move"),
  ).action((options: LibraryOptions) =>
    move(options, terminal, (room) => room.continueMove({})),
  );
  addLibraryOptions(
    library
      .command("cancel")
      .description("cancel a move that was interrupted; its copy is removed"),
  ).action((options: LibraryOptions) =>
    withRuns(options.library, async ({ handlers }) => {
      await asUsage(() => handlers.room.cancelMove({}));
      const { library: path } = await handlers.app.info({});
      if (options.json)
        printJson(terminal, { type: "cancelled", library: path });
      else
        printLine(terminal, `The library is in ${oneLine(path)}, as before.`);
    }),
  );
  addPrune(library, terminal);
}

interface PruneOptions extends LibraryOptions {
  checkpoints?: number;
  grids?: number;
  dryRun?: boolean;
}

function addPrune(library: Command, terminal: Terminal): void {
  addLibraryOptions(
    library
      .command("prune <runs...>")
      .description(
        "move checkpoints and grids of runs to the trash; the newest checkpoint and the last grid always stay",
      )
      .option("--checkpoints <n>", "keep so many of the newest", parseCount)
      .option("--grids <n>", "keep so many, spread evenly", parseCount)
      .option("--dry-run", "only say what would go to the trash"),
  ).action((words: string[], options: PruneOptions) =>
    prune(words, options, terminal),
  );
  addLibraryOptions(
    library
      .command("restore [token]")
      .description(
        "put back what was pruned; without a token, list what can be",
      ),
  ).action((token: string | undefined, options: LibraryOptions) =>
    withRuns(options.library, async ({ handlers: { room } }) => {
      if (token === undefined)
        return list(await room.pruned({}), options, terminal);
      const runs = (await asUsage(() => room.restore({ token }))).map(idOf);
      if (options.json) printJson(terminal, { type: "restored", runs });
      else printLine(terminal, `Put back: ${runs.join(", ") || "nothing"}.`);
    }),
  );
}

async function show(options: LibraryOptions, terminal: Terminal) {
  await withRuns(options.library, async ({ handlers }) => {
    const { library } = await handlers.app.info({});
    const room = await asUsage(() => handlers.room.used({}));
    const move = await handlers.room.libraryMove({});
    if (options.json) return printJson(terminal, { library, ...room, move });
    printTable(terminal, [
      ["folder", library],
      [
        "runs",
        `${megabytes(room.runs)}, ${megabytes(room.checkpoints)} of it checkpoints, ${megabytes(room.grids)} grids`,
      ],
      ["trash", megabytes(room.trash)],
      ["free on this disk", megabytes(room.free)],
      ...(move
        ? [
            [
              "unfinished move",
              `to ${move.to}; \`gan-workbench library continue\` or \`cancel\``,
            ],
          ]
        : []),
    ]);
  });
}

async function move(
  options: LibraryOptions,
  terminal: Terminal,
  start: (room: Rooms) => MovedLibrary | Promise<MovedLibrary>,
): Promise<void> {
  await withRuns(options.library, async (application) => {
    const bar = createProgressBar(terminal.error);
    const stopListening = application.onEvent((event) => {
      if (event.type !== "task-progress") return;
      if (options.json)
        printJson(terminal, { ...event.task, type: "progress" });
      else bar.showTask(event.task);
    });
    const forgetSignals = onEndSignal(() => void application.close());
    try {
      const moved = await asUsage(() => start(application.handlers.room));
      bar.clear();
      if (options.json) printJson(terminal, { type: "moved", ...moved });
      else printMoved(moved, options, terminal);
    } finally {
      bar.clear();
      stopListening();
      forgetSignals();
    }
  });
}

function printMoved(
  { library, left }: MovedLibrary,
  options: LibraryOptions,
  terminal: Terminal,
): void {
  const stays =
    left === 0
      ? ""
      : ` ${left} file(s) stay where it was: links, and what came or changed meanwhile.`;
  const next =
    options.library === undefined
      ? ""
      : " It was named by --library: name the new folder from now on.";
  printLine(
    terminal,
    `The library is in ${oneLine(library)} now.${stays}${next}`,
  );
}

async function prune(
  words: readonly string[],
  {
    checkpoints = null,
    grids = null,
    ...options
  }: {
    checkpoints?: number | null;
    grids?: number | null;
  } & Omit<PruneOptions, "checkpoints" | "grids">,
  terminal: Terminal,
): Promise<void> {
  await withRuns(options.library, async (application) => {
    const ids: string[] = [];
    for (const one of words) ids.push(idOf(await findRun(application, one)));
    const dry = options.dryRun ?? false;
    const pruned = await asUsage(() =>
      application.handlers.room.prune({
        ids,
        rule: { checkpoints, grids },
        dry,
      }),
    );
    if (options.json) return printJson(terminal, { type: "pruned", ...pruned });
    const { bytes, files, remarks, token } = pruned;
    const what = `${files} file(s), ${megabytes(bytes)}`;
    printLine(
      terminal,
      token
        ? `${what}, went to the trash; \`gan-workbench library restore ${token}\` puts them back.`
        : files === 0
          ? "This rule prunes nothing."
          : `${what}, would go to the trash.`,
    );
    for (const remark of remarks) printLine(terminal, oneLine(remark));
  });
}

function list(
  sets: readonly PrunedSet[],
  { json }: LibraryOptions,
  terminal: Terminal,
): void {
  if (json) return printJson(terminal, sets);
  if (sets.length === 0) return printLine(terminal, "Nothing was pruned.");
  printTable(terminal, [
    ["TOKEN", "PRUNED", "FILES", "SIZE", "RUNS"],
    ...sets.map(({ token, at, files, bytes, runs }) => [
      token,
      at,
      String(files),
      megabytes(bytes),
      runs.join(", "),
    ]),
  ]);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** `tournament`: every D against every G, of runs or of their checkpoints, and a ranking with intervals. */
import type { Command } from "commander";
import { mostEntrants } from "../../shared/contract/tournament";
import { idOf } from "../../shared/run";
import { areApart } from "../../shared/tournament/tournament";
import type {
  Game,
  Ranked,
  Tournament,
} from "../../shared/tournament/tournament";
import type { Application } from "../host/app";
import { CommandFailure } from "./failure";
import { addLibraryOptions, parseCount } from "./options";
import type { LibraryOptions } from "./options";
import { findRun, withRuns } from "./session";
import { showTasks } from "./setting-options";
import { printJson, printLine, printTable } from "./terminal";
import type { Terminal } from "./terminal";

interface TournamentOptions extends LibraryOptions {
  checkpoints?: boolean;
  images: number;
}

export function addTournament(program: Command, terminal: Terminal): void {
  const command = program
    .command("tournament <runs...>")
    .description(
      "let every D judge every G, and rank them by who is fooled least",
    )
    .option("--checkpoints", "with every saved step, not the last alone")
    .option("--images <n>", "images on each side of a game", parseCount, 500);
  addLibraryOptions(command).action(
    async (words: string[], options: TournamentOptions) => {
      await withRuns(options.library, async (application) => {
        const entrants = await entrantsOf(application, words, options);
        const { images } = options;
        const tournament = await showTasks(application, terminal, false, () =>
          application.handlers.tournament.play({ entrants, images }),
        );
        if (options.json) printJson(terminal, tournament);
        else describe(terminal, tournament);
      });
    },
  );
}

async function entrantsOf(
  application: Application,
  words: readonly string[],
  { checkpoints, images }: TournamentOptions,
): Promise<{ run: string; step: number }[]> {
  if (images < 16 || images > 5000)
    throw new CommandFailure("--images must be from 16 to 5000.", 2);
  const entrants: { run: string; step: number }[] = [];
  for (const word of words) {
    const listing = await findRun(application, word);
    const run = idOf(listing);
    const saved = listing.kind === "run" ? listing.checkpoints : [];
    if (saved.length === 0)
      throw new CommandFailure(
        `The run ${run} has no checkpoint, so it cannot play.`,
        2,
      );
    const steps = checkpoints ? saved : saved.slice(-1);
    entrants.push(...steps.map((step) => ({ run, step })));
  }
  if (entrants.length < 2 || entrants.length > mostEntrants)
    throw new CommandFailure(
      `A tournament is of 2 to ${mostEntrants}; these are ${entrants.length}.`,
      2,
    );
  return entrants;
}

function describe(terminal: Terminal, tournament: Tournament): void {
  const { entrants, games, real, heldOut, images } = tournament;
  const numbers = entrants.map((_, i) => String(i + 1));
  printLine(
    terminal,
    `Share of ${images} pairs in which D (across) gives a held-out image more than a sample of G (down); 0.5 is no better than chance.`,
  );
  printLine(terminal, "");
  printTable(terminal, [
    ["G", ...numbers.map((number) => `D${number}`), "STEP", "RUN"],
    ...entrants.map(({ run, step }, g) => [
      `G${numbers[g]}`,
      ...games.map((row, d) => `${aucText(row[g])}${d === g ? "*" : ""}`),
      String(step),
      run,
    ]),
    ["real", ...real.map(aucText), "", "other held-out images"],
    [
      "error",
      ...heldOut.map((one) => (one ? one.error.toFixed(3) : "-")),
      "",
      "of each D, on held-out images and its own samples",
    ],
  ]);
  for (const reason of new Set(games.flat().flatMap(reasonOf)))
    printLine(terminal, `- ${reason}`);
  printRanking(terminal, "G", tournament.generators, tournament);
  printRanking(terminal, "D", tournament.discriminators, tournament);
}

function printRanking(
  terminal: Terminal,
  network: "G" | "D",
  ranking: readonly Ranked[],
  { entrants }: Tournament,
): void {
  printLine(terminal, "");
  printTable(terminal, [
    [network, "SKILL", "95 %", "STEP", "RUN"],
    ...ranking.map((one, place) => [
      place > 0 && !areApart(one, ranking[place - 1])
        ? "not distinguishable from the one above"
        : String(place + 1),
      one.value.toFixed(2),
      `${one.low.toFixed(2)} to ${one.high.toFixed(2)}`,
      String(entrants[one.entrant].step),
      entrants[one.entrant].run,
    ]),
  ]);
}

const aucText = (game: Game) => ("auc" in game ? game.auc.toFixed(3) : "-");
const reasonOf = (game: Game) => ("reason" in game ? [game.reason] : []);

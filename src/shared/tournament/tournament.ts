/**
 * A tournament: every D against every G, of runs or of checkpoints. A game is a real image and a sample, which D wins if it
 * gives the real one more; the share that it wins is the AUC, so critics play too. Olsson et al. 2018, Im et al. 2016.
 */
import { fitSkills } from "./bradley-terry";
import type { Skill } from "./bradley-terry";

interface Entrant {
  run: string;
  name: string;
  step: number;
}

/** D's share of won games, or why the two cannot play, in one sentence. */
export type Game = { auc: number } | { reason: string };

/** As they were played. */
export interface Played {
  entrants: Entrant[];
  /** Images of each side of a game. */
  images: number;
  /** `[D][G]`. */
  games: Game[][];
  /** Of each D: its share of won games against other real images, which nobody can win; 0.5 but for chance. */
  real: Game[];
  /** Of each D; null where there are no images that it never saw. */
  heldOut: (HeldOut | null)[];
}

export interface HeldOut {
  /** The least share of held-out images and own samples that one threshold between them names wrongly. */
  error: number;
}

export interface Ranked extends Skill {
  entrant: number;
}

export interface Tournament extends Played {
  /** The most skilful first. */
  generators: Ranked[];
  discriminators: Ranked[];
}

/** Skills of all who played: D's and G's on one scale, in logits. */
export function rank(played: Played): Tournament {
  const { entrants, games, images } = played;
  const count = entrants.length;
  const pairings = games.flatMap((row, d) =>
    row.flatMap((game, g) =>
      "auc" in game
        ? [
            {
              first: d,
              second: count + g,
              games: images,
              wins: images * game.auc,
            },
          ]
        : [],
    ),
  );
  const skills = fitSkills(2 * count, pairings);
  const inOrder = (from: number) =>
    entrants
      .map((_, entrant) => ({ entrant, ...skills[from + entrant] }))
      .sort((a, b) => b.value - a.value);
  return {
    ...played,
    discriminators: inOrder(0),
    generators: inOrder(count),
  };
}

/** Whether two neighbours of a ranking can be told apart. */
export function areApart(a: Skill, b: Skill): boolean {
  return a.low > b.high || b.low > a.high;
}

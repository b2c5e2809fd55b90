/**
 * Skills out of games (Bradley and Terry 1952): the chance that i beats j is 1 / (1 + exp(s_j - s_i)). Fitted by the
 * iteration of Hunter 2004, section 2, with half a win given to each side of every pair that has played, so that skills
 * stay finite. All games are there at once, so nothing is rated in turn.
 */

export interface Pairing {
  /** Players by index. */
  first: number;
  second: number;
  games: number;
  /** Of the games, those that `first` won; may be a fraction. */
  wins: number;
}

export interface Skill {
  /** In logits; the mean over all players is 0. */
  value: number;
  /** 95 %, by the information of the games; whoever played on other games may lie elsewhere. */
  low: number;
  high: number;
}

const prior = 0.5;
const mostRounds = 10_000;
const enough = 1e-10;
/** Of a normal distribution, two-sided. */
const z95 = 1.959963984540054;

/** `[players]`. Players whom no games connect cannot be compared; they keep to the skill of their own side. */
export function fitSkills(
  players: number,
  pairings: readonly Pairing[],
): Skill[] {
  const games = pairings.map((pairing) => ({
    ...pairing,
    games: pairing.games + 2 * prior,
    wins: pairing.wins + prior,
  }));
  const values = centred(strengths(players, games));
  const deviations = deviationsOf(values, games);
  return Array.from(values, (value, i) => ({
    value,
    low: value - z95 * deviations[i],
    high: value + z95 * deviations[i],
  }));
}

/** Logarithms, up to a constant. */
function strengths(players: number, games: readonly Pairing[]): Float64Array {
  const won = new Float64Array(players);
  for (const { first, second, games: played, wins } of games) {
    won[first] += wins;
    won[second] += played - wins;
  }
  let gamma = new Float64Array(players).fill(1);
  for (let round = 0; round < mostRounds; round++) {
    const sums = new Float64Array(players);
    for (const { first, second, games: played } of games) {
      const share = played / (gamma[first] + gamma[second]);
      sums[first] += share;
      sums[second] += share;
    }
    const next = gamma.map((value, i) =>
      won[i] > 0 ? won[i] / sums[i] : value,
    );
    const mean = Math.exp(
      next.reduce((sum, value) => sum + Math.log(value), 0) / players,
    );
    const scaled = next.map((value) => value / mean);
    const change = Math.max(
      ...scaled.map((value, i) => Math.abs(Math.log(value / gamma[i]))),
    );
    gamma = scaled;
    if (change < enough) break;
  }
  return gamma.map(Math.log);
}

function centred(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

/** From the inverse of the information; with all ones added, which only fixes the mean, that has one. */
function deviationsOf(
  values: Float64Array,
  games: readonly Pairing[],
): Float64Array {
  const size = values.length;
  const information = Array.from({ length: size }, () =>
    new Float64Array(size).fill(1 / size),
  );
  for (const { first, second, games: played } of games) {
    const chance = 1 / (1 + Math.exp(values[second] - values[first]));
    const weight = played * chance * (1 - chance);
    information[first][first] += weight;
    information[second][second] += weight;
    information[first][second] -= weight;
    information[second][first] -= weight;
  }
  const inverse = inverseOf(information);
  // The mean itself is fixed and has no variance.
  return Float64Array.from(values, (_, i) =>
    Math.sqrt(Math.max(0, inverse[i][i] - 1 / size)),
  );
}

/** By Gauss and Jordan, with the largest pivot of each column. */
function inverseOf(matrix: readonly Float64Array[]): Float64Array[] {
  const size = matrix.length;
  const rows = matrix.map((row, i) => {
    const wide = new Float64Array(2 * size);
    wide.set(row);
    wide[size + i] = 1;
    return wide;
  });
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(rows[row][column]) > Math.abs(rows[pivot][column]))
        pivot = row;
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    const scale = rows[column][column];
    for (let at = 0; at < 2 * size; at++) rows[column][at] /= scale;
    for (let row = 0; row < size; row++) {
      const factor = rows[row][column];
      if (row === column || factor === 0) continue;
      for (let at = 0; at < 2 * size; at++)
        rows[row][at] -= factor * rows[column][at];
    }
  }
  return rows.map((row) => row.subarray(size));
}

/**
 * Figures that were printed without a sign between name and number: `loss_D 0.69 loss_G 1.2`. Prose has numbers after words
 * too ("Saved 64 samples in 3.2 s"), so only names count that stand before a number in line after line, and not those that
 * say how long or how much something was.
 */
import { countsSomething } from "./table";

const word = String.raw`(?!(?:nan|inf(?:inity)?)\b)[a-z_][\w./-]*(?:\((?:[^()\s]|\([^()\s]*\))*\)\w*)?`;
const number = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?%?|[-+]?(?:nan|inf(?:inity)?)`;
const pair = new RegExp(
  String.raw`(?<![\w.]|\w\()(${word}(?: +${word}){0,2})[ \t]+(${number})(?=\s*$|\s*[^\s\w.:=%°'"/*+-]|[ \t]+(?:${word}))`,
  "gi",
);
/** After such a word stands a time, a count or a place. */
const prose =
  /^(a|about|after|and|at|by|eta|every|for|from|in|is|of|on|over|size|speed|than|the|to|took|until|version|with)$/i;
/** Behind a number: what it is a number of. */
export const unit =
  /^(s|secs?|seconds?|ms|m|mins?|minutes?|h|hours?|[kmg]i?b|samples?|images?|steps?|epochs?|batches|iterations?|parameters|params|it)$/i;

export type Figure = [name: string, number: string];

/** What stands in a line. */
export function bareFigures(line: string): Figure[] {
  return [...line.matchAll(pair)].flatMap((found): Figure[] => {
    const words = found[1].split(/ +/);
    const next = /^\s*([a-z]+)(?![\w/(])/i.exec(
      line.slice(found.index + found[0].length),
    )?.[1];
    if (next !== undefined && unit.test(next)) return [];
    // "fake 0.3 in D 0.5": what comes before such a word belongs to another number.
    const from = words.findLastIndex((one) => prose.test(one)) + 1;
    const own = words.slice(from);
    return own.length === 0 || from > 0 ? [] : [[own.join(" "), found[2]]];
  });
}

/** The names whose numbers are figures: in two lines at least, and in one of them no whole number where they do not count. */
export function bareNames(lines: readonly string[]): ReadonlySet<string> {
  const seen = new Map<string, { lines: number; isFraction: boolean }>();
  for (const line of lines)
    for (const [name, text] of bareFigures(line)) {
      const known = seen.get(name) ?? { lines: 0, isFraction: false };
      known.lines++;
      known.isFraction ||= /[.ni]|e-/i.test(text);
      seen.set(name, known);
    }
  return new Set(
    [...seen].flatMap(([name, { lines: count, isFraction }]) =>
      count > 1 && (isFraction || countsSomething(name)) ? name : [],
    ),
  );
}

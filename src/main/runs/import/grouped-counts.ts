/** Counts in printed lines as people like to read them: `step 1,000`, `iter=10k`, `[1,200/50,000]`, tqdm's `1.5k/10k`. */
import { countsSomething } from "./table";

/** Where a count may stand: behind a name and its sign, at the beginning of a line or behind its bar, and behind a slash. */
const before = String.raw`(^\s*[[(>]*|\|\s*|\/\s*|([a-z_]\w*)[\s:#=[(-]*)`;
const thousands = new RegExp(
  String.raw`${before}([1-9]\d{0,2}(?:,\d{3})+)(?![\d,]|\.\d)`,
  "gi",
);
const short = new RegExp(
  String.raw`${before}(\d+(?:\.\d+)?)([kKM])(?=\s*(?:$|[\]/,:;|)]|\s[a-z[(]))`,
  "gi",
);

/** The line with such counts as plain numbers, where the name before them counts something. */
export function withPlainCounts(line: string): string {
  const replace =
    (plain: (...parts: string[]) => string) =>
    (
      whole: string,
      head: string,
      name: string | undefined,
      ...rest: string[]
    ) =>
      name === undefined || countsSomething(name)
        ? head + plain(...rest)
        : whole;
  return line
    .replace(
      thousands,
      replace((digits) => digits.replaceAll(",", "")),
    )
    .replace(
      short,
      replace((digits, letter) =>
        String(Math.round(Number(digits) * (letter === "M" ? 1e6 : 1e3))),
      ),
    );
}

/** What commander says of wrong arguments, as one sentence in the words of this program. */
import { oneLine } from "./terminal";

/** `error: unknown option '--stesp'\n(Did you mean --steps?)` becomes one line with its advice. */
export function usageSentence(text: string): string {
  const [first, hint = ""] = text
    .replace(/^error: /, "")
    .trim()
    .split(/\n(?=\(Did)/);
  const sentence = wrongValue(first) ?? wrongWords(first);
  const meant = /^\(Did you mean (.*)\?\)$/.exec(hint)?.[1];
  if (meant) return `${sentence}; did you mean ${meant}?`;
  return `${sentence}; --help shows what is possible.`;
}

/** `option '--steps <n>' argument '0' is invalid. It must be a whole number above zero.` */
function wrongValue(text: string): string | null {
  const parts =
    /^option '(--[\w-]+).*' argument '(.*)' is invalid\. (.*)\.$/s.exec(text);
  if (!parts) return null;
  const [, option, value, rule] = parts;
  if (value === "") return `${option} must not be empty`;
  const wanted = rule
    .replace(/^It must be /, "")
    .replace(/^Allowed choices are /, "one of ");
  return `${option} must be ${wanted}, not ${oneLine(value).slice(0, 60)}`;
}

function wrongWords(text: string): string {
  const words = text
    .replace(/^required option '(.*)' not specified$/, "$1 is missing")
    .replace(/^option '(.*)' argument missing$/, "$1 needs its value")
    .replace(/^missing required argument '(.*)'$/, "the argument $1 is missing")
    .replace(". Expected", ": expected")
    .replace(/\.$/, "");
  return words.replace(/^[a-z]/, (letter) => letter.toUpperCase());
}

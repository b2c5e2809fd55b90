/** Options that several commands share, and how their text becomes values. */
import { InvalidArgumentError, Option } from "commander";
import { chosenIdSchema } from "../../shared/run";
import type { Command } from "commander";

export interface LibraryOptions {
  library?: string;
  json?: boolean;
}

export function addLibraryOptions(command: Command): Command {
  return command
    .addOption(libraryOption())
    .option("--json", "write JSON, for programs");
}

export function libraryOption(): Option {
  return new Option(
    "--library <folder>",
    "the library of runs (default: your own)",
  ).argParser(parseText);
}

/** What to call a run. */
export function nameOption(): Option {
  return new Option("--name <name>", "what to call the run").argParser(
    parseName,
  );
}

/** Refuses nothing at all, which is what an unset variable of a script gives. */
export function parseText(text: string): string {
  if (text.trim() === "")
    throw new InvalidArgumentError("It must not be empty.");
  return text;
}

function parseName(text: string): string {
  if (text.length > 200 || /\p{Cc}/u.test(text))
    throw new InvalidArgumentError(
      "It must be one line of at most 200 characters.",
    );
  return parseText(text);
}

/** For `option(..., parseCount)`: 1, 2, 3 ... */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || !Number.isSafeInteger(count))
    throw new InvalidArgumentError("It must be a whole number above zero.");
  return count;
}

/** Of a run that goes on: to a total, or so many steps more. */
export interface Length {
  steps: number;
  more: boolean;
}

/** `500`, or `+500`. */
function parseLength(text: string): Length {
  const more = text.startsWith("+");
  return { steps: parseCount(more ? text.slice(1) : text), more };
}

/** The step at which a run that goes on at `from` is to end; null where nothing was said. */
export function totalOf(
  length: Length | undefined,
  from: number,
): number | null {
  if (!length) return null;
  return length.more ? from + length.steps : length.steps;
}

/** An id that a folder can have on every system. */
export function parseRunId(text: string): string {
  const parsed = chosenIdSchema.safeParse(text);
  if (!parsed.success)
    throw new InvalidArgumentError(
      "It must be letters, digits, dots, dashes and underscores that begin with a letter or digit, and a name that any system allows.",
    );
  return parsed.data;
}

/** A step to begin at: 0, 1, 2 ... */
export function parseStep(text: string): number {
  return text === "0" ? 0 : parseCount(text);
}

export function parseSeed(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || seed > 0xffffffff)
    throw new InvalidArgumentError(
      "It must be a whole number from 0 to 4294967295.",
    );
  return seed;
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535)
    throw new InvalidArgumentError(
      "It must be a port from 1 to 65535, or 0 for any.",
    );
  return port;
}

/** `--steps` of a run that goes on. */
export function lengthOption(): Option {
  return new Option(
    "--steps <n>",
    "the new total of steps, or +n for n more",
  ).argParser(parseLength);
}

/** `--set key=value`, as often as one likes. */
export function setOption(): Option {
  return new Option(
    "--set <key=value>",
    "change a setting, for example batchSize=128, learningRate=1e-4 or schedule.lastBatch=keep; repeatable",
  )
    .argParser((text: string, before: string[] | undefined) => [
      ...(before ?? []),
      text,
    ])
    .default([] as string[], "none");
}

/**
 * Several event files as one log. A file whose steps grow is kept as it is; the scalars of the others are written anew:
 * those of sub-folders under their folder's name, those of a second writer of a tag told apart, and steps that start
 * again counted on.
 */
import { columnOf } from "../../../shared/curves/column";
import type { MetricGroup } from "../../../shared/curves/metric-group";
import type { Clock } from "../../../shared/run";
import { joinEqualSteps } from "../curves/tensorboard/row-kind";
import { readTimes } from "./clock";
import type { LogContent } from "./log-content";
import { countSteps, rowsOf } from "./steps";
import { toldApart } from "./table";

export interface JoinedLogs {
  /** Kept byte for byte, in their order. */
  kept: LogContent[];
  /** The scalars of the others. */
  rewritten: MetricGroup[];
  clock: Clock;
  notes: string[];
}

export function joinLogs(contents: readonly LogContent[]): JoinedLogs {
  const clock = clockOf(contents);
  const kept: LogContent[] = [];
  const rewritten: MetricGroup[] = [];
  const notes = new Set<string>();
  for (const content of contents) {
    const label = secondWriter(content, kept, clock);
    const isWhole =
      content.file.under === "" &&
      content.groups.every((group) => grows(group) && hasClock(group, clock));
    if (isWhole && label === null) {
      for (const note of voidRows(content, kept)) notes.add(note);
      kept.push(content);
      continue;
    }
    if (label !== null)
      notes.add(
        `${content.file.name} holds tags of another event file as well; its own are called "... (${label})".`,
      );
    for (const group of content.groups)
      rewritten.push(...countedOn(group, clock, notes, nameIn(content, label)));
  }
  const { names, notes: apart } = namesApart(kept, rewritten);
  const folders = new Set(contents.map(({ file }) => file.under));
  folders.delete("");
  if (folders.size > 0)
    notes.add(
      `The scalars of ${folders.size === 1 ? "1 sub-folder" : `${folders.size} sub-folders`} are called by their folder.`,
    );
  return {
    kept,
    rewritten: joinEqualSteps(
      rewritten.map((group, index) => ({ ...group, tags: [names[index]] })),
    ),
    clock,
    notes: [...notes, ...apart],
  };
}

/** What the longest series says. */
function clockOf(contents: readonly LogContent[]): Clock {
  const groups = contents.flatMap((content) => content.groups);
  const [longest] = groups.toSorted((a, b) => b.times.length - a.times.length);
  return longest ? readTimes([...longest.times]).clock : "wall";
}

/** Whether the steps can be shown as they are; a step here and there that was written twice does no harm. */
function grows({ steps }: MetricGroup): boolean {
  let equal = 0;
  for (let row = 1; row < steps.length; row++) {
    if (steps[row] < steps[row - 1]) return false;
    if (steps[row] === steps[row - 1]) equal++;
  }
  return equal <= steps.length / 10;
}

/** Whether the times can be shown as they are; those that are no clock are not shown, and need only be numbers. */
function hasClock({ times }: MetricGroup, clock: Clock): boolean {
  if (clock === "unknown") return times.every((time) => Math.abs(time) < 1e11);
  const read = readTimes([...times]);
  return (
    read.clock === clock && read.times.every((time, row) => time === times[row])
  );
}

/**
 * What tells a file apart that has a tag of one before it without going on with it; null for any other. A file goes on
 * with one before where it begins later, in steps and in time.
 */
function secondWriter(
  content: LogContent,
  kept: readonly LogContent[],
  clock: Clock,
): string | null {
  const isSecond = eachShared(content, kept).some(
    ([group, before]) =>
      group.steps[0] <= before.steps[0] ||
      (clock === "wall" &&
        group.times[0] < before.times[before.times.length - 1]),
  );
  if (!isSecond) return null;
  const word = content.file.name.split(".").at(-1) ?? "";
  return /^\d*$/.test(word) ? `${kept.length + 1}` : word;
}

/** TensorBoard's rule: what the first file holds from the second one's first step on is void. */
function voidRows(content: LogContent, kept: readonly LogContent[]): string[] {
  return eachShared(content, kept).flatMap(([group, before]) => {
    const [first] = group.steps;
    const count = before.steps.filter((step) => step >= first).length;
    return count === 0
      ? []
      : [
          `${content.file.name} continues at step ${first}: ${rowsOf(count)} of the file before it from there on were left out.`,
        ];
  });
}

/** Series of a file with those of files before it that share a tag. */
function eachShared(
  { groups }: LogContent,
  kept: readonly LogContent[],
): [MetricGroup, MetricGroup][] {
  const before = kept.flatMap((content) => content.groups);
  return groups.flatMap((group) =>
    before
      .filter(({ tags }) => tags.some((tag) => group.tags.includes(tag)))
      .map((other): [MetricGroup, MetricGroup] => [group, other]),
  );
}

/** `add_scalars("loss", { d })` writes the tag "loss" into a folder "loss_d", which is its better name. */
function nameIn({ file }: LogContent, label: string | null) {
  return (tag: string): string => {
    if (label !== null) return `${tag} (${label})`;
    if (file.under === "") return tag;
    const folder = file.under.split("/").at(-1) ?? "";
    return folder.startsWith(`${tag.replaceAll("/", "_")}_`)
      ? file.under
      : `${file.under}/${tag}`;
  };
}

/** Each tag as a series of its own. */
function countedOn(
  { tags, steps, times, values }: MetricGroup,
  clock: Clock,
  notes: Set<string>,
  nameOf: (tag: string) => string,
): MetricGroup[] {
  const counted = countSteps("The step", [...steps], () => true);
  for (const note of counted.notes) notes.add(note);
  const { order } = counted;
  const read = readTimes(order.map((row) => times[row]));
  const isTimed = clock !== "unknown" && read.clock === clock;
  return tags.map((tag, index) => ({
    tags: [nameOf(tag)],
    steps: Float64Array.from(order, (row) => counted.steps[row] ?? 0),
    times: Float64Array.from(order, (_, place) =>
      isTimed ? read.times[place] : 0,
    ),
    values: [columnOf(order.map((row) => values[index][row]))],
  }));
}

function namesApart(
  kept: readonly LogContent[],
  rewritten: readonly MetricGroup[],
): { names: string[]; notes: string[] } {
  const own = new Set(
    kept.flatMap(({ groups }) => groups.flatMap(({ tags }) => tags)),
  );
  const all = [...own, ...rewritten.map(({ tags }) => tags[0])];
  const { names, notes } = toldApart(all);
  return { names: names.slice(own.size), notes };
}

/** A whole event file from columns, for scalars that come from elsewhere. */
import type { MetricGroup } from "../../../../shared/curves/metric-group";
import { encodeDoubles, encodeFileVersion } from "./messages";
import { frameRecord } from "./records";
import { RowEncoder } from "./row-encoder";

/** The bytes of the file: each row of each group is one event, a group after the other. What single precision does not hold is written in double. */
export function encodeLog(
  groups: readonly MetricGroup[],
): Uint8Array<ArrayBuffer> {
  return Buffer.concat([...logPieces(groups)]);
}

/** The same in pieces of some hundred kilobytes. */
export function* logPieces(
  groups: readonly MetricGroup[],
): Generator<Uint8Array> {
  const first = Math.min(...groups.flatMap(({ times }) => times.at(0) ?? []));
  yield frameRecord(encodeFileVersion(Number.isFinite(first) ? first : 0));
  for (const group of groups)
    for (let from = 0; from < group.steps.length; from += rowsAPiece) {
      const piece = rowsFrom(group, from);
      yield encodeSingles(partOf(piece, Float32Array));
      yield* encodeRows(partOf(piece, Float64Array));
    }
}

const rowsAPiece = 2048;

function rowsFrom(group: MetricGroup, from: number): MetricGroup {
  const to = from + rowsAPiece;
  return {
    tags: group.tags,
    steps: group.steps.subarray(from, to),
    times: group.times.subarray(from, to),
    values: group.values.map((column) => column.subarray(from, to)),
  };
}

/** The group with only its columns of one precision. */
function partOf(
  group: MetricGroup,
  type: typeof Float32Array | typeof Float64Array,
): MetricGroup {
  const kept = group.tags.flatMap((_, index) =>
    group.values[index] instanceof type ? [index] : [],
  );
  return {
    ...group,
    tags: kept.map((index) => group.tags[index]),
    values: kept.map((index) => group.values[index]),
  };
}

function encodeSingles({
  tags,
  steps,
  times,
  values,
}: MetricGroup): Uint8Array {
  if (tags.length === 0) return new Uint8Array();
  const encoder = new RowEncoder(tags);
  const bytes = new Uint8Array(steps.length * encoder.maxBytes);
  let end = 0;
  steps.forEach((step, row) => {
    const head = { step, time: times[row] };
    end = encoder.encode(bytes, end, head, (tag) => values[tag][row]);
  });
  return bytes.subarray(0, end);
}

function encodeRows({ tags, steps, times, values }: MetricGroup): Uint8Array[] {
  if (tags.length === 0) return [];
  return Array.from(steps, (step, row) =>
    frameRecord(
      encodeDoubles(
        times[row],
        step,
        tags.map((tag, index) => ({ tag, value: values[index][row] })),
      ),
    ),
  );
}

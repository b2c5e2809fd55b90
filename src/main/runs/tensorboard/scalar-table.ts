/**
 * Gathers the scalars of many events into columns, fast enough for a 100,000-step run to open at once: events of one
 * writer differ only in their numbers, so after the first of a kind the others are compared with it and read in place.
 */
import type { MetricGroup } from "../../../shared/contract/files";
import { decodeEvent } from "./messages";
import type { LogValue } from "./messages";

export class ScalarTable {
  private readonly kinds = new Map<string, RowKind>();
  private readonly templates = new Map<number, Template>();
  private rows = 0;

  /** Takes the data of one record; gives what in it is no scalar. Throws where it is no event. */
  add(data: Uint8Array): { step: number; values: LogValue[] } | null {
    const head = readHead(data);
    if (head && this.addLike(data, head)) return null;
    const event = decodeEvent(data);
    const scalars = event.values.filter((value) => value.kind === "scalar");
    if (scalars.length > 0) {
      const kind = this.kindOf(scalars.map((value) => value.tag));
      const row = { step: event.step, time: event.wallTime };
      kind.push(this.rows++, row, (index) => scalars[index].value);
      if (head && scalars.length === event.values.length)
        this.learn(data.subarray(head.summary), kind);
    }
    if (scalars.length === event.values.length) return null;
    return {
      step: event.step,
      values: event.values.filter((value) => value.kind !== "scalar"),
    };
  }

  /** What a restart of the training that wrote a second file does to the first: rows from its first step on are void. */
  dropFrom(tag: string, step: number): void {
    for (const kind of this.kinds.values())
      if (kind.tags.includes(tag)) kind.dropFrom(step);
  }

  get tags(): string[] {
    return [...new Set([...this.kinds.values()].flatMap((kind) => kind.tags))];
  }

  /** Tags with the same steps share a group. */
  groups(): MetricGroup[] {
    const byKinds = new Map<string, { tags: string[]; kinds: RowKind[] }>();
    for (const tag of this.tags) {
      const kinds = [...this.kinds.values()].filter(
        (kind) => kind.count > 0 && kind.tags.includes(tag),
      );
      if (kinds.length === 0) continue;
      const key = kinds.map((kind) => kind.name).join("\0");
      const group = byKinds.get(key) ?? { tags: [], kinds };
      group.tags.push(tag);
      byKinds.set(key, group);
    }
    return joinEqualSteps(
      [...byKinds.values()].map(({ tags, kinds }) => mergeKinds(tags, kinds)),
    );
  }

  private kindOf(tags: string[]): RowKind {
    const name = tags.join("\n");
    const known = this.kinds.get(name);
    if (known) return known;
    const made = new RowKind(name, tags);
    this.kinds.set(name, made);
    return made;
  }

  private addLike(data: Uint8Array, { summary, ...row }: Head): boolean {
    const template = this.templates.get(data.length - summary);
    if (!template?.matches(data, summary)) return false;
    const view = new DataView(data.buffer, data.byteOffset + summary);
    template.kind.push(this.rows++, row, (index) =>
      view.getFloat32(template.places[index], true),
    );
    return true;
  }

  private learn(summary: Uint8Array, kind: RowKind): void {
    const places = valuePlaces(summary);
    if (places?.length === kind.tags.length)
      this.templates.set(summary.length, new Template(summary, places, kind));
  }
}

/** Rows that carry the same tags in the same order. */
class RowKind {
  count = 0;
  private order = new Float64Array(16);
  private steps = new Float64Array(16);
  private times = new Float64Array(16);
  private values: Float32Array[];

  constructor(
    readonly name: string,
    readonly tags: string[],
  ) {
    this.values = tags.map(() => new Float32Array(16));
  }

  push(
    order: number,
    row: { step: number; time: number },
    valueOf: (index: number) => number,
  ): void {
    const at = this.count++;
    if (at === this.steps.length) this.grow();
    this.order[at] = order;
    this.steps[at] = row.step;
    this.times[at] = row.time;
    for (let index = 0; index < this.values.length; index++)
      this.values[index][at] = valueOf(index);
  }

  dropFrom(step: number): void {
    const first = this.steps
      .subarray(0, this.count)
      .findIndex((s) => s >= step);
    if (first >= 0) this.count = first;
  }

  get rows(): {
    order: Float64Array;
    steps: Float64Array;
    times: Float64Array;
  } {
    return {
      order: this.order.subarray(0, this.count),
      steps: this.steps.subarray(0, this.count),
      times: this.times.subarray(0, this.count),
    };
  }

  column(tag: string): Float32Array {
    return this.values[this.tags.indexOf(tag)].subarray(0, this.count);
  }

  private grow(): void {
    this.order = doubled(this.order);
    this.steps = doubled(this.steps);
    this.times = doubled(this.times);
    this.values = this.values.map((column) => {
      const larger = new Float32Array(2 * column.length);
      larger.set(column);
      return larger;
    });
  }
}

/** The bytes of a summary, and where in them the values lie. */
class Template {
  constructor(
    private readonly bytes: Uint8Array,
    readonly places: number[],
    readonly kind: RowKind,
  ) {}

  matches(data: Uint8Array, start: number): boolean {
    let at = 0;
    for (const place of this.places) {
      for (; at < place; at++)
        if (data[start + at] !== this.bytes[at]) return false;
      at = place + 4;
    }
    return at === this.bytes.length;
  }
}

interface Head {
  time: number;
  step: number;
  /** Where the summary begins. */
  summary: number;
}

/** An event that begins as all writers begin it: time, step, and a summary that fills the rest. */
function readHead(data: Uint8Array): Head | null {
  if (data.length < 12 || data[0] !== 0x09) return null;
  let at = 9;
  let step = 0;
  if (data[at] === 0x10) {
    const varint = readVarint(data, at + 1);
    if (!varint) return null;
    step = varint.value;
    at = varint.end;
  }
  if (data[at] !== 0x2a) return null;
  const length = readVarint(data, at + 1);
  if (!length || length.end + length.value !== data.length) return null;
  const view = new DataView(data.buffer, data.byteOffset);
  return { time: view.getFloat64(1, true), step, summary: length.end };
}

/** Where the values lie in a summary of nothing but tags with a simple value; null for any other. */
function valuePlaces(summary: Uint8Array): number[] | null {
  const places: number[] = [];
  let at = 0;
  while (at < summary.length) {
    if (summary[at] !== 0x0a) return null;
    const value = readVarint(summary, at + 1);
    if (!value || summary[value.end] !== 0x0a) return null;
    const tag = readVarint(summary, value.end + 1);
    if (!tag) return null;
    const place = tag.end + tag.value + 1;
    if (summary[place - 1] !== 0x15) return null;
    at = place + 4;
    if (at !== value.end + value.value) return null;
    places.push(place);
  }
  return places;
}

/** Up to 2^49; null for more, and where the bytes end. */
function readVarint(
  bytes: Uint8Array,
  start: number,
): { value: number; end: number } | null {
  let value = 0;
  let scale = 1;
  for (let at = start; at < Math.min(bytes.length, start + 7); at++) {
    value += (bytes[at] & 0x7f) * scale;
    if (bytes[at] < 0x80) return { value, end: at + 1 };
    scale *= 0x80;
  }
  return null;
}

/** One group of the rows of several kinds, in the order in which they came. */
function mergeKinds(tags: string[], kinds: RowKind[]): MetricGroup {
  if (kinds.length === 1) {
    const { steps, times } = kinds[0].rows;
    return {
      tags,
      steps: steps.slice(),
      times: times.slice(),
      values: tags.map((tag) => kinds[0].column(tag).slice()),
    };
  }
  const sources = kinds.map((kind) => ({
    ...kind.rows,
    columns: tags.map((tag) => kind.column(tag)),
    next: 0,
  }));
  const total = kinds.reduce((sum, kind) => sum + kind.count, 0);
  const group: MetricGroup = {
    tags,
    steps: new Float64Array(total),
    times: new Float64Array(total),
    values: tags.map(() => new Float32Array(total)),
  };
  for (let row = 0; row < total; row++) {
    const source = sources.reduce((first, other) =>
      (other.order[other.next] ?? Infinity) <
      (first.order[first.next] ?? Infinity)
        ? other
        : first,
    );
    const at = source.next++;
    group.steps[row] = source.steps[at];
    group.times[row] = source.times[at];
    source.columns.forEach((column, index) => {
      group.values[index][row] = column[at];
    });
  }
  return group;
}

/** Logs that write each tag in an event of its own still have one axis. */
function joinEqualSteps(groups: MetricGroup[]): MetricGroup[] {
  const joined: MetricGroup[] = [];
  for (const group of groups) {
    const same = joined.find((other) => equal(other.steps, group.steps));
    if (same) {
      same.tags = [...same.tags, ...group.tags];
      same.values = [...same.values, ...group.values];
    } else joined.push(group);
  }
  return joined;
}

function equal(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

function doubled(column: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * column.length);
  larger.set(column);
  return larger;
}

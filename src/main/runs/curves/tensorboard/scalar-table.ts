/**
 * Gathers the scalars of many events into columns, fast enough for a 100,000-step run to open at once: events of one
 * writer differ only in their numbers, so after the first of a kind the others are compared with it and read in place.
 */
import type { MetricGroup } from "../../../../shared/curves/metric-group";
import { decodeEvent } from "./messages";
import type { LogValue } from "./messages";
import { joinEqualSteps, mergeKinds, RowKind } from "./row-kind";
import { readHead, Template, valuePlaces } from "./row-template";
import type { Head } from "./row-template";

/** Tags of the same length, each in an event of its own, that are told apart without decoding. */
const mostAlike = 32;

export class ScalarTable {
  private readonly kinds = new Map<string, RowKind>();
  /** By the length of the summary. */
  private readonly templates = new Map<number, Template[]>();
  private readonly known = new Set<string>();
  private rows = 0;
  /** Values that were taken. */
  valueCount = 0;

  /** Takes the data of one record; gives what in it is no scalar. Throws where it is no event. */
  add(data: Uint8Array): { step: number; values: LogValue[] } | null {
    const head = readHead(data);
    if (head && this.addLike(data, head)) return null;
    const event = decodeEvent(data);
    const scalars = event.values.filter((value) => value.kind === "scalar");
    if (scalars.length > 0) {
      const kind = this.kindOf(scalars.map((value) => value.tag));
      const row = { step: event.step, time: event.wallTime };
      const valueOf = (index: number) => scalars[index].value;
      kind.widenFor(valueOf);
      kind.push(this.rows++, row, valueOf);
      this.valueCount += scalars.length;
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

  /** Different tags that were seen. */
  get tagCount(): number {
    return this.known.size;
  }

  /** Tags with the same steps share a group. */
  groups(): MetricGroup[] {
    const byTag = new Map<string, number[]>();
    const all = [...this.kinds.values()];
    all.forEach(({ count, tags }, index) => {
      if (count === 0) return;
      for (const tag of new Set(tags)) {
        const others = byTag.get(tag);
        if (others) others.push(index);
        else byTag.set(tag, [index]);
      }
    });
    const byKinds = new Map<string, { tags: string[]; kinds: RowKind[] }>();
    for (const [tag, indices] of byTag) {
      const key = indices.join();
      const known = byKinds.get(key);
      if (known) known.tags.push(tag);
      else {
        const kinds = indices.map((index) => all[index]);
        byKinds.set(key, { tags: [tag], kinds });
      }
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
    for (const tag of tags) this.known.add(tag);
    return made;
  }

  private addLike(data: Uint8Array, { summary, ...row }: Head): boolean {
    const template = this.templates
      .get(data.length - summary)
      ?.find((one) => one.matches(data, summary));
    if (!template) return false;
    const view = new DataView(data.buffer, data.byteOffset + summary);
    template.kind.push(this.rows++, row, (index) =>
      view.getFloat32(template.places[index], true),
    );
    this.valueCount += template.places.length;
    return true;
  }

  private learn(summary: Uint8Array, kind: RowKind): void {
    const places = valuePlaces(summary);
    if (places?.length !== kind.tags.length) return;
    const alike = this.templates.get(summary.length) ?? [];
    this.templates.set(summary.length, [
      new Template(summary, places, kind),
      ...alike.slice(0, mostAlike - 1),
    ]);
  }
}

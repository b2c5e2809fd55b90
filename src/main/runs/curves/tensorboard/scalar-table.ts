/**
 * Gathers the scalars of many events into columns, fast enough for a 100,000-step run to open at once: events of one
 * writer differ only in their numbers, so after the first of a kind the others are compared with it and read in place.
 */
import type { MetricGroup } from "../../../../shared/contract/files";
import { decodeEvent } from "./messages";
import type { LogValue } from "./messages";
import { joinEqualSteps, mergeKinds, RowKind } from "./row-kind";
import { readHead, Template, valuePlaces } from "./row-template";
import type { Head } from "./row-template";

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

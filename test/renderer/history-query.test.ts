import { describe, expect, it } from "vitest";
import { jaketaeMlp } from "../../src/shared/settings/presets/jaketae-mlp";
import { recordVersion } from "../../src/shared/run";
import type { RunListing, RunRecord } from "../../src/shared/run";
import {
  choicesOf,
  everything,
  figureOf,
  historyRows,
  keyOf,
} from "../../src/renderer/history-query";
import type { HistoryQuery } from "../../src/renderer/history-query";

function run(id: string, change: Partial<RunRecord> = {}) {
  const record: RunRecord = {
    version: recordVersion,
    id,
    name: id,
    createdAt: "2026-11-20T10:00:00.000Z",
    updatedAt: "2026-11-20T10:00:00.000Z",
    state: "finished",
    reason: null,
    settings: jaketaeMlp.settings,
    data: null,
    environment: null,
    progress: { step: 100, totalSteps: 100, stepsPerEpoch: 10, seconds: 5 },
    summary: {},
    events: [],
    parent: null,
    importedFrom: null,
    clock: "wall",
    metricNames: {},
    tags: [],
    notes: "",
    starred: false,
    color: null,
    archived: false,
    group: null,
    sweep: null,
    ...change,
  };
  return { kind: "run" as const, record, samples: [], checkpoints: [] };
}

const loss = (last: number | null) => ({
  "loss/generator": { last, min: 0, max: 9, minStep: 1, maxStep: 2 },
});

function names(
  query: Partial<HistoryQuery>,
  runs: readonly RunListing[] = library,
): string[] {
  return historyRows(runs, { ...everything, ...query }).map((row) =>
    row.kind === "group" ? `# ${row.title}` : keyOf(row),
  );
}

const library = [
  run("a", { tags: ["seeds"], summary: loss(3), createdAt: "2026-11-01" }),
  run("b", { notes: "collapsed early", createdAt: "2026-11-03" }),
  run("c", { starred: true, summary: loss(1), createdAt: "2026-11-02" }),
  run("d", { archived: true }),
  run("e", { state: "diverged", summary: loss(2), createdAt: "2026-10-01" }),
];

describe("a run that cannot be read", () => {
  const damaged = {
    kind: "damaged" as const,
    id: "x",
    reason: "No run.json.",
    repairable: false,
  };
  const runs = [damaged, ...library];

  it("stands at the end, below a heading of its own where there are groups", () => {
    expect(names({}, runs).at(-1)).toBe("x");
    expect(names({ group: "state" }, runs).slice(-2)).toEqual([
      "# Cannot be read",
      "x",
    ]);
  });

  it("is found by what is known of it, and alone by its state", () => {
    expect(names({ text: "no run.json" }, runs)).toEqual(["x"]);
    expect(names({ state: "damaged" }, runs)).toEqual(["x"]);
    expect(names({ state: "diverged" }, runs)).toEqual(["e"]);
    expect(names({ archived: true }, runs)).toEqual(["d"]);
  });
});

describe("the history", () => {
  it("shows the newest run first and leaves out the archive", () => {
    expect(names({})).toEqual(["b", "c", "a", "e"]);
    expect(names({ archived: true })).toEqual(["d"]);
  });

  it("finds every word in names, tags and notes", () => {
    expect(names({ text: "early collapsed" })).toEqual(["b"]);
    expect(names({ text: "SEEDS" })).toEqual(["a"]);
    expect(names({ text: "seeds collapsed" })).toEqual([]);
  });

  it("sorts by any metric's value, with runs that have none last in both directions", () => {
    const sort = { sort: "metric", metric: "loss/generator" } as const;
    expect(names({ ...sort, descending: false })).toEqual(["c", "e", "a", "b"]);
    expect(names({ ...sort, descending: true })).toEqual(["a", "e", "c", "b"]);
  });

  it("filters by state, tag and star", () => {
    expect(names({ state: "diverged" })).toEqual(["e"]);
    expect(names({ tag: "seeds" })).toEqual(["a"]);
    expect(names({ starred: true })).toEqual(["c"]);
  });

  it("puts a heading before each group", () => {
    expect(names({ group: "state" })).toEqual([
      "# finished",
      "b",
      "c",
      "a",
      "# diverged",
      "e",
    ]);
  });

  it("shows the last, smallest or largest value", () => {
    const [{ record }] = library;
    const metric = "loss/generator";
    expect(figureOf(record, { metric, statistic: "last" })).toBe(3);
    expect(figureOf(record, { metric, statistic: "max" })).toBe(9);
    expect(figureOf(record, { metric: "other", statistic: "min" })).toBeNull();
  });

  it("sorts by the value at a step, where that is known", () => {
    const values: Record<string, number> = { a: 5, c: 7, b: 6 };
    const rows = historyRows(
      library,
      {
        ...everything,
        sort: "metric",
        statistic: "step",
        atStep: 100,
        descending: true,
      },
      (id) => values[id] ?? null,
    );
    expect(rows.map((row) => row.kind === "run" && row.run.record.id)).toEqual([
      "c",
      "b",
      "a",
      "e",
    ]);
  });

  it("offers the presets, tags and metrics that occur", () => {
    expect(choicesOf(library)).toMatchObject({
      presets: ["jaketae-mlp"],
      tags: ["seeds"],
      metrics: ["loss/generator"],
    });
  });

  it("orders a thousand runs in a few milliseconds' worth of comparisons", () => {
    const many = Array.from({ length: 1_000 }, (_, index) =>
      run(`run ${index}`, { summary: loss((index * 7919) % 1_000) }),
    );
    const sorted = names(
      { sort: "metric", metric: "loss/generator", descending: false },
      many,
    );
    expect(sorted).toHaveLength(1_000);
    expect(sorted[0]).toBe("run 0");
  });
});

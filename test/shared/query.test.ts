/** Which runs a table shows, and what of them. */
import { describe, expect, test } from "vitest";
import { pageOf, runQuerySchema } from "../../src/shared/query/page";
import type { QueriedRun } from "../../src/shared/query/page";
import { recordVersion } from "../../src/shared/run";
import type { RunRecord } from "../../src/shared/run";
import { jaketaeMlp } from "../../src/shared/settings/presets/jaketae-mlp";
import { wiseoddMlp } from "../../src/shared/settings/presets/wiseodd-mlp";

function run(id: string, change: Partial<RunRecord> = {}): QueriedRun {
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
    progress: { step: 100, totalSteps: 100, stepsPerEpoch: 0, seconds: 50 },
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
  return { kind: "run", record };
}

const slow = (learningRate: number) => ({
  ...jaketaeMlp.settings,
  optimizers: {
    ...jaketaeMlp.settings.optimizers,
    generator: {
      ...jaketaeMlp.settings.optimizers.generator,
      learningRate,
    },
  },
});
const loss = (last: number | null) => ({
  "loss/generator": { last, min: 0.1, max: 2, minStep: 1, maxStep: 2 },
});

const runs: QueriedRun[] = [
  run("a", { settings: slow(1e-4), tags: ["good", "old"], summary: loss(0.5) }),
  run("b", { settings: slow(1e-2), tags: ["bad"], summary: loss(1.5) }),
  run("c", {
    settings: wiseoddMlp.settings,
    name: "First try",
    state: "stopped",
    progress: { step: 12_000, totalSteps: 0, stepsPerEpoch: 0, seconds: 7200 },
    parent: { run: "a", step: 10 },
    notes: "Collapsed early.",
  }),
  run("d", { settings: null, state: "imported", summary: loss(null) }),
  {
    kind: "damaged",
    id: "e",
    reason: "It has no run.json.",
    repairable: false,
  },
];

const ask = (query: object) =>
  pageOf(
    runs,
    runQuerySchema.parse({
      columns: [],
      page: { from: 0, count: 100 },
      ...query,
    }),
  );
const ids = (query: object) => ask(query).rows.map(({ id }) => id);

describe("a filter", () => {
  test.each<[string, string[]]>([
    ["", ["a", "b", "c", "d", "e"]],
    ["rate < 1e-3 preset:jaketae tag:good", ["a"]],
    ["rate<=1e-3", ["a", "c"]],
    ["rate >= 0.01", ["b"]],
    ["-tag:bad preset:jaketae", ["a"]],
    ["tag:none", ["c", "d"]],
    ["state:stopped", ["c"]],
    ["state!=finished", ["c", "d"]],
    ['"first try"', ["c"]],
    ["collapsed", ["c"]],
    ["step > 10k", ["c"]],
    ["duration>=2h", ["c"]],
    ["parent:a", ["c"]],
    ["parent=none", ["a", "b", "d"]],
    ["loss/generator < 1", ["a"]],
    ["last:loss/generator>1", ["b"]],
    ["max:loss/generator = 2", ["a", "b", "d"]],
    ["objective.loss:bce seed=none", []],
    [`setting:seed=${jaketaeMlp.settings.seed}`, ["a", "b"]],
    ["starred:no archived:no state:imported", ["d"]],
    ["created>2026-11-21", []],
    ["created>2026-11 name:first", ["c"]],
  ])("%s", (filter, expected) => {
    const found = ids({ filter });
    if (filter.startsWith("setting:seed")) expect(found).toContain("a");
    else expect(found).toEqual(expected);
  });

  test.each([
    ["nonsense:1", /There is no column "nonsense"/],
    ['"open', /cannot be read from ""open"/],
    ["a ".repeat(60), /at most 50 terms/],
  ])("%s is refused with a sentence", (filter, reason) => {
    expect(() => ids({ filter })).toThrow(reason);
  });

  test("that is hostile takes no time", () => {
    expect(ids({ filter: `${"-".repeat(1900)}a` })).toHaveLength(4);
    expect(ids({ filter: "__proto__.x:1" })).toEqual([]);
    expect(ids({ filter: "setting:constructor.name:Object" })).toEqual([]);
  });
});

describe("a page", () => {
  test("has the columns that were asked for, in their order", () => {
    const columns = [
      "rate",
      "preset",
      "tags",
      "duration",
      "speed",
      "parent",
      "objective.loss",
      "min:loss/generator",
      "loss/generator",
    ];
    const [first] = ask({ columns }).rows;
    expect(first.cells).toEqual([
      1e-4,
      "jaketae-mlp",
      ["good", "old"],
      50,
      2,
      null,
      jaketaeMlp.settings.objective.loss,
      0.1,
      0.5,
    ]);
  });

  test("is sorted, and runs without the value come last either way", () => {
    const sort = { column: "last:loss/generator", descending: false };
    expect(ids({ sort })).toEqual(["a", "b", "c", "d", "e"]);
    expect(ids({ sort: { ...sort, descending: true } })).toEqual([
      "b",
      "a",
      "c",
      "d",
      "e",
    ]);
  });

  test("is a part of what matches, and says how much that is", () => {
    const page = ask({ filter: "state:finished", page: { from: 1, count: 1 } });
    expect(page).toMatchObject({ matching: 2, total: 5, rows: [{ id: "b" }] });
  });

  test("names a damaged run with the reason", () => {
    expect(ask({ columns: ["name"] }).rows.at(-1)).toEqual({
      id: "e",
      cells: [],
      damaged: "It has no run.json.",
    });
  });

  test("does not carry whole notes", () => {
    const long = [run("f", { notes: "x".repeat(100_000) })];
    const query = runQuerySchema.parse({
      columns: ["notes"],
      page: { from: 0, count: 1 },
    });
    expect(JSON.stringify(pageOf(long, query)).length).toBeLessThan(1000);
  });
});

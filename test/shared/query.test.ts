/** Which runs a table shows, and what of them. */
import { describe, expect, test } from "vitest";
import type { QueriedRun } from "../../src/shared/query/columns";
import { splitFilter } from "../../src/shared/query/filter";
import { columnOffers } from "../../src/shared/query/offers";
import {
  rowReader,
  runQuerySchema,
  selectRuns,
} from "../../src/shared/query/page";
import type { RunAsk } from "../../src/shared/query/page";
import { blankRecord } from "../../src/main/runs/folder/new-run";
import type { RunRecord } from "../../src/shared/run";
import { jaketaeMlp } from "../../src/shared/settings/presets/jaketae-mlp";
import { wiseoddMlp } from "../../src/shared/settings/presets/wiseodd-mlp";

function run(id: string, change: Partial<RunRecord> = {}): QueriedRun {
  const record: RunRecord = {
    ...blankRecord(id, new Date("2026-11-20T10:00:00.000Z")),
    state: "finished",
    settings: jaketaeMlp.settings,
    progress: { step: 100, totalSteps: 100, stepsPerEpoch: 0, seconds: 50 },
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

function ask(question: Partial<RunAsk>, of: readonly QueriedRun[] = runs) {
  const page = { from: 0, count: 100 };
  const query = runQuerySchema.parse({ columns: [], page, ...question });
  const { entries, ...counts } = selectRuns(of, query);
  return { rows: entries.map(rowReader(query.columns)), ...counts };
}
const ids = (question: Partial<RunAsk>, of = runs) =>
  ask(question, of).rows.map((row) =>
    row.kind === "group" ? `# ${row.key}` : row.id,
  );

describe("a filter", () => {
  test.each<[string, string[]]>([
    ["", ["a", "b", "c", "d", "e"]],
    ["rate < 1e-3 preset:jaketae tag:good", ["a"]],
    ["rate<=1e-3", ["a", "c"]],
    ["rate >= 0.01", ["b"]],
    ["-tag:bad preset:jaketae", ["a"]],
    ["state:damaged", ["e"]],
    ["archived:no", ["a", "b", "c", "d", "e"]],
    ["run.json", ["e"]],
    ["tag:none", ["c", "d", "e"]],
    ["state:stopped", ["c"]],
    ["state!=finished", ["c", "d", "e"]],
    ['"first try"', ["c"]],
    ["collapsed", ["c"]],
    ["step > 10k", ["c"]],
    ["duration>=2h", ["c"]],
    ["parent:a", ["c"]],
    ["parent=none", ["a", "b", "d", "e"]],
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

  test("of digits is about names and beginnings of ids, not about the dates within them", () => {
    const [first, second] = ["20261130-080616-mlp-cf1d5b", "20261130-080617-a"];
    const numbered = [
      run(first, { name: "Short 025" }),
      run(second, { name: "Short 026" }),
    ];
    expect(ids({ filter: "short 026" }, numbered)).toEqual([second]);
    expect(ids({ filter: "20261130" }, numbered)).toEqual([first, second]);
    expect(ids({ filter: "cf1d5b" }, numbered)).toEqual([first]);
  });

  test("that is hostile takes no time", () => {
    expect(ids({ filter: `${"-".repeat(1900)}a` })).toHaveLength(5);
    expect(ids({ filter: "__proto__.x:1" })).toEqual([]);
    expect(ids({ filter: "setting:constructor.name:Object" })).toEqual([]);
  });
});

test("a filter comes apart into its terms as they were typed", () => {
  expect(
    splitFilter('rate < 1e-3 preset:jaketae  -tag:bad "first try" at:5:a/b>2'),
  ).toEqual([
    "rate < 1e-3",
    "preset:jaketae",
    "-tag:bad",
    '"first try"',
    "at:5:a/b>2",
  ]);
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
      "generator.network",
      "best:loss/generator",
      "loss/generator",
    ];
    const [first] = ask({ columns }).rows;
    expect(first).toMatchObject({
      cells: [
        1e-4,
        "jaketae-mlp",
        ["good", "old"],
        50,
        2,
        null,
        jaketaeMlp.settings.objective.loss,
        expect.stringMatching(/^64 → Linear 256, /),
        0.1,
        0.5,
      ],
    });
  });

  test("is sorted by several columns, and runs without the value come last either way", () => {
    const metric = { column: "last:loss/generator", descending: false };
    expect(ids({ sort: [metric] })).toEqual(["a", "b", "c", "d", "e"]);
    expect(ids({ sort: [{ ...metric, descending: true }] })).toEqual([
      "b",
      "a",
      "c",
      "d",
      "e",
    ]);
    const sort = [
      { column: "preset", descending: true },
      { column: "rate", descending: true },
    ];
    expect(ids({ sort })).toEqual(["c", "b", "a", "d", "e"]);
  });

  test("has a heading over runs with the same value, with the median and spread of their numbers", () => {
    const question = { group: "preset", columns: ["rate", "name"] };
    expect(ids(question)).toEqual([
      "# jaketae-mlp",
      "a",
      "b",
      "# wiseodd-mlp",
      "c",
      "# ",
      "d",
      "e",
    ]);
    expect(ask({ ...question, folded: ["wiseodd-mlp", ""] }).rows).toHaveLength(
      5,
    );
    expect(ask(question).rows[0]).toMatchObject({
      count: 2,
      spreads: [{ median: 0.00505, low: 1e-4, high: 1e-2, count: 2 }, null],
    });
  });

  test("says how many runs match, of how many", () => {
    const page = ask({ filter: "state:finished" });
    expect(page).toMatchObject({ matching: 2, total: 5 });
  });

  test("names a damaged run with the reason", () => {
    expect(ask({ columns: ["name"] }).rows.at(-1)).toMatchObject({
      kind: "damaged",
      id: "e",
      reason: "It has no run.json.",
    });
  });

  test("does not carry whole notes", () => {
    const long = [run("f", { notes: "x".repeat(100_000) })];
    const { rows } = ask({ columns: ["notes"] }, long);
    expect(JSON.stringify(rows).length).toBeLessThan(1000);
  });

  test("finds an imported metric under our name", () => {
    const log = run("log", {
      summary: {
        errG: { last: 3, min: 1, max: 4, minStep: 1, maxStep: 2 },
      },
      metricNames: { errG: "loss/generator" },
    });
    const [row] = ask({ columns: ["loss/generator"] }, [log]).rows;
    expect(row).toMatchObject({ cells: [3] });
    expect(ids({ filter: "loss/generator>2" }, [log])).toEqual(["log"]);
  });
});

test("the columns on offer say which settings differ, and what occurs", () => {
  const offers = columnOffers(runs);
  const offer = (column: string) => offers.find((one) => one.column === column);
  expect(offer("optimizers.generator.learningRate")).toMatchObject({
    kind: "setting",
    differs: true,
    values: expect.arrayContaining(["0.0001", "0.01"]),
  });
  expect(offer("data.channels")).toMatchObject({ differs: false });
  expect(offer("tags")?.values).toEqual(["good", "old", "bad"]);
  expect(offer("loss/generator")).toMatchObject({ kind: "metric" });
});

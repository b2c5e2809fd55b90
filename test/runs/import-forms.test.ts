/** Tables in forms of their own: what TensorBoard's page saves, tensorboardX, Sacred and pandas, and a line for each value. */
import { expect, test } from "vitest";
import { curve } from "./library";
import { importedFile } from "./imported";

const second = 1_700_000_000;
const iso = (after: number) =>
  new Date(1000 * (second + after)).toISOString().slice(0, -1) + "Z";

const forms: [of: string, file: string, content: unknown, clock: string][] = [
  [
    "TensorBoard's page",
    "loss_d.json",
    [
      [second, 0, 0.5],
      [second + 1, 10, 0.25],
    ],
    "wall",
  ],
  [
    "tensorboardX",
    "all_scalars.json",
    {
      loss_d: [
        [second, 0, 0.5],
        [second + 1, 10, 0.25],
      ],
      loss_g: [[second, 0, 1.5]],
    },
    "wall",
  ],
  [
    "Sacred",
    "metrics.json",
    {
      loss_g: { steps: [10], timestamps: [iso(1)], values: [1.5] },
      loss_d: {
        steps: [0, 10],
        timestamps: [iso(0), iso(1)],
        values: [0.5, 0.25],
      },
    },
    "wall",
  ],
  [
    "a history by network",
    "history.json",
    { D: { loss: [1, 2] }, loss_d: [0.5, 0.25], step: [0, 10] },
    "unknown",
  ],
  [
    "pandas, by column",
    "history.json",
    { step: { 0: 0, 1: 10 }, loss_d: { 0: 0.5, 1: 0.25 } },
    "unknown",
  ],
];

test.each(forms)("JSON of %s is read", async (_, file, content, clock) => {
  const { groups, record } = await importedFile(file, JSON.stringify(content));
  const { steps, values } = curve(groups, "loss_d");
  expect({ steps, values }).toEqual({ steps: [0, 10], values: [0.5, 0.25] });
  expect(record.clock).toBe(clock);
});

test("a line for each value becomes a curve for each tag", async () => {
  const { groups, remarks } = await importedFile(
    "scalars.csv",
    "run,tag,step,wall_time,value\nr,loss_d,0,1700000000,0.5\nr,loss_g,0,1700000000,1.5\nr,loss_d,10,1700000001,0.25\n",
  );
  expect(curve(groups, "loss_d")).toMatchObject({
    steps: [0, 10],
    values: [0.5, 0.25],
  });
  expect(curve(groups, "loss_g").values).toEqual([1.5]);
  expect(remarks).toContain('Each "tag" is a curve of its own, over "step".');
});

test("the same tag of several runs in one file is told apart", async () => {
  const { groups } = await importedFile(
    "scalars.csv",
    "run,tag,step,value\ntrain,loss,0,0.5\nval,loss,0,0.75\ntrain,loss,1,0.25\n",
  );
  expect(curve(groups, "train/loss").values).toEqual([0.5, 0.25]);
  expect(curve(groups, "val/loss").values).toEqual([0.75]);
});

test("a line for each part of the data becomes a curve for each", async () => {
  const { groups, remarks } = await importedFile(
    "log.csv",
    "step,loss,split\n0,0.5,train\n0,0.75,val\n1,0.25,train\n1,0.7,val\n",
  );
  expect(curve(groups, "train/loss")).toEqual({
    steps: [0, 1],
    values: [0.5, 0.25],
  });
  expect(curve(groups, "val/loss").values).toEqual(
    [0.75, 0.7].map(Math.fround),
  );
  expect(remarks).toEqual(['Each "split" is a curve of its own, over "step".']);
});

test("what a line for each value has besides is named", async () => {
  const { remarks } = await importedFile(
    "log.csv",
    "key,value,step,is_nan\nd,0.5,0,false\ng,0.75,0,false\n",
  );
  expect(remarks).toContain('Left out beside them: "is_nan".');
});

test("a tag that begins again at a step it has had is counted on, whichever way the lines are sorted", async () => {
  const cells = ["d,1,0.5", "d,2,0.25", "d,1,0.125", "d,2,0.75"];
  const byTag = [...cells, ...cells.map((cell) => cell.replace("d", "g"))];
  const byStep = cells.flatMap((cell) => [cell, cell.replace("d", "g")]);
  for (const lines of [byTag, byStep]) {
    const { groups, remarks } = await importedFile(
      "scalars.csv",
      ["tag,step,value", ...lines].join("\n"),
    );
    for (const tag of ["d", "g"])
      expect(curve(groups, tag)).toMatchObject({
        steps: [1, 2, 3, 4],
        values: [0.5, 0.25, 0.125, 0.75],
      });
    expect(remarks).toContain(
      "step starts again 1 time: steps are counted on.",
    );
  }
});

test("a second value of a tag at one step is not taken for the first without a word", async () => {
  const steps = Array.from({ length: 30 }, (_, step) => `d,${step},0.5`);
  const { groups, remarks } = await importedFile(
    "scalars.csv",
    ["tag,step,value", ...steps, "d,29,0.25"].join("\n"),
  );
  expect(curve(groups, "d").values).toEqual([
    ...Array.from({ length: 29 }, () => 0.5),
    0.25,
  ]);
  expect(remarks.join(" ")).toMatch(/1 row that later ones take the place of/);
});

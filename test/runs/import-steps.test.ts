import { describe, expect, test } from "vitest";
import { curve } from "./library";
import { importedFile } from "./imported";

const stepsOf = async (text: string, tag: string, stepColumn?: string) => {
  const { groups, remarks } = await importedFile("log.csv", text, {
    stepColumn,
  });
  return { ...curve(groups, tag), remarks };
};

describe("steps only grow", () => {
  test("where a batch starts again in each epoch", async () => {
    const log = await stepsOf(
      "epoch,batch,d_loss,g_loss\n0,0,0.6,0.7\n0,1,0.5,0.8\n1,0,0.4,0.9\n1,1,0.3,1.0\n",
      "d_loss",
    );
    expect(log.steps).toEqual([0, 1, 2, 3]);
    expect(log.values).toEqual([0.6, 0.5, 0.4, 0.3].map(Math.fround));
    expect(log.remarks).toEqual([
      "batch starts again 1 time: steps are counted on.",
    ]);
  });

  test("where every hundredth batch of many epochs is logged", async () => {
    const rows = Array.from(
      { length: 21 * 5 },
      (_, row) => `${Math.floor(row / 5)},${(row % 5) * 100},${row}`,
    );
    const log = await stepsOf(`Epoch,Batch,loss\n${rows.join("\n")}\n`, "loss");
    expect(log.steps).toEqual(rows.map((_, row) => row * 100));
    expect(log.remarks).toEqual([
      "Batch starts again 20 times: steps are counted on.",
    ]);
  });

  test("where epochs are fractions: the row number is the step", async () => {
    const log = await stepsOf("epoch,loss\n0.1,9\n0.2,8\n0.3,7\n", "loss");
    expect(log.steps).toEqual([1, 2, 3]);
    expect(log.remarks.join()).toContain("epoch counts in fractions");
    const epoch = await stepsOf("epoch,loss\n0.1,9\n0.2,8\n0.3,7\n", "epoch");
    expect(epoch.values).toEqual([0.1, 0.2, 0.3].map(Math.fround));
  });

  test.each([
    ["commas", '"1,000"', '"2,000"', '"1,000,000"'],
    ["blanks", "1 000", "2 000", "1 000 000"],
    ["apostrophes", "1'000", "2'000", "1'000'000"],
    ["underscores", "1_000", "2_000", "1_000_000"],
  ])("where %s separate thousands", async (_, ...steps) => {
    const text = `step,loss\n${steps.map((step, row) => `${step},${row}`).join("\n")}\n`;
    expect((await stepsOf(text, "loss")).steps).toEqual([1000, 2000, 1e6]);
  });

  test("where dots separate thousands and commas are decimal points", async () => {
    const log = await stepsOf(
      "Schritt;Step;loss\na;1.000;0,5\nb;2.000;0,25\nc;3.000;1.234,5\n",
      "loss",
    );
    expect(log.steps).toEqual([1000, 2000, 3000]);
    expect(log.values).toEqual([0.5, 0.25, 1234.5]);
  });

  test("where several rows belong to one epoch: the row number is the step", async () => {
    const log = await stepsOf("epoch,loss\n0,9\n0,8\n1,7\n1,6\n", "loss");
    expect(log.steps).toEqual([1, 2, 3, 4]);
    expect(log.remarks.join()).toContain("epoch is the same in several rows");
  });

  test("where a training was taken up again, later rows take the place of those before", async () => {
    const log = await stepsOf(
      "step,loss\n0,9\n100,8\n200,7\n300,6\n200,5\n300,4\n400,3\n",
      "loss",
    );
    expect(log).toMatchObject({
      steps: [0, 100, 200, 300, 400],
      values: [9, 8, 5, 4, 3],
    });
    expect(log.remarks).toEqual([
      "step goes back from 300 to 200: 2 rows that later ones take the place of were left out.",
    ]);
  });

  test("where the newest row is the first", async () => {
    const log = await stepsOf("step,loss\n3,7\n2,8\n1,9\n", "loss");
    expect(log).toMatchObject({ steps: [1, 2, 3], values: [9, 8, 7] });
    expect(log.remarks.join()).toContain("in the order of step");
  });

  test("where a step is missing, negative or past 2^53 the row is left out, and that is said", async () => {
    const log = await stepsOf(
      "step,loss\n1,9\n,8\n-4,7\n1e300,6\n2,5\n",
      "loss",
    );
    expect(log).toMatchObject({ steps: [1, 2], values: [9, 5] });
    expect(log.remarks.join()).toContain("3 rows without a step in step");
  });

  test("and rows of training and validation share a step", async () => {
    const log = await stepsOf(
      "epoch,step,train_loss,val_loss\n0,49,0.5,\n0,49,,0.6\n1,99,0.4,\n1,99,,0.7\n",
      "val_loss",
    );
    expect(log.steps).toEqual([49, 99]);
  });
});

test("the step column can be chosen", async () => {
  const text = "step,images,loss\n1,64,9\n2,128,8\n";
  expect((await stepsOf(text, "loss", "images")).steps).toEqual([64, 128]);
  expect((await stepsOf(text, "step", "images")).values).toEqual([1, 2]);
  expect((await stepsOf(text, "step", "row number")).steps).toEqual([1, 2]);
  await expect(stepsOf(text, "loss", "epoch")).rejects.toThrow(
    'There is no column of numbers called "epoch"; there are "step", "images", "loss"',
  );
});

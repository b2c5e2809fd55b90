import { describe, expect, test } from "vitest";
import { curve } from "./library";
import { importedFile } from "./imported";

describe("nothing vanishes without a word", () => {
  test.each([
    ["decimal commas", "step;d_loss;g_loss\n0;0,69;1\n1;0,5;2\n"],
    ["quoted decimal commas", 'step,d_loss\n0,"0,69"\n1,"0,5"\n'],
    ["tensors", 'step,d_loss\n0,"tensor(0.69)"\n1,"tensor(0.5)"\n'],
    [
      "tensors with a device, their commas not quoted",
      "step,d_loss,g_loss\n0,tensor(0.69, device='cuda:0', grad_fn=<AddBackward0>),1\n1,tensor(0.5, device='cuda:0'),2\n",
    ],
    ["NumPy numbers", "step,d_loss\n0,np.float32(0.69)\n1,[0.5]\n"],
    [
      "UTF-16",
      Buffer.from("\uFEFFstep\td_loss\r\n0\t0.69\r\n1\t0.5\r\n", "utf16le"),
    ],
    ["Excel's sep=", "sep=;\r\nstep;d_loss\r\n0;0,69\r\n1;0,5\r\n"],
    ["cells that end each line", "step,d_loss,\n0,0.69,\n1,0.5,\n"],
    ["deviations", "step,d_loss\n0,0.69±0.02\n1,0.5 +/- 0.01\n"],
    ["blanks between columns", "step   d_loss\n0      0.69\n1      0.5\n"],
    [
      "a comment as its header, as NumPy writes",
      "# step,d_loss\n0,0.69\n1,0.5\n",
    ],
    [
      "JSON lines with byte order marks",
      '\uFEFF{"step": 0, "d_loss": 0.69}\n\uFEFF{"step": 1, "d_loss": 0.5}\n',
    ],
    [
      "JSON lines of strings",
      '{"step": 0, "d_loss": "0.69"}\n{"step": 1, "d_loss": "0.5"}\n',
    ],
    [
      "one JSON list",
      '[\n {"step": 0, "d_loss": 0.69},\n {"step": 1, "d_loss": 0.5}\n]\n',
    ],
    [
      "JSON columns, as Keras keeps its history",
      '{"step": [0, 1], "d_loss": [0.69, 0.5]}',
    ],
  ])("%s are read", async (_, content) => {
    const { groups } = await importedFile("log.csv", content);
    expect(curve(groups, "d_loss")).toEqual({
      steps: [0, 1],
      values: [0.69, 0.5].map(Math.fround),
    });
  });

  test("deviations are said to be left out, and a type-setter's minus is one", async () => {
    const { remarks, groups } = await importedFile(
      "log.csv",
      "step,d_loss\n1,\u22120.5±0.1\n2,\u22120.25±0.1\n",
    );
    expect([...curve(groups, "d_loss").values]).toEqual([-0.5, -0.25]);
    expect(remarks).toEqual(['"d_loss": its deviations are left out.']);
  });

  test("cells that are no numbers are counted, by column", async () => {
    const { remarks, groups } = await importedFile(
      "log.csv",
      "step,d_loss,note\n1,0.5,fine\n2,n/a,\n3,0.25,bad\n",
    );
    expect(curve(groups, "d_loss").steps).toEqual([1, 3]);
    expect(remarks).toEqual([
      '1 cell of "d_loss" is not a number and was left out: the first is "n/a" in line 3.',
      '"note" holds no numbers and was left out: 2 cells, the first "fine" in line 2.',
    ]);
  });

  test("values of JSON that are no numbers are counted, and what stands beside a mean is said", async () => {
    const { remarks } = await importedFile(
      "stats.jsonl",
      '{"step": 1, "name": "a", "loss": {"num": 2, "mean": 0.5, "std": 0}}\n{"step": 2, "name": "b", "loss": {"num": 2, "mean": 0.25, "std": 0}}\n',
    );
    expect(remarks).toEqual([
      '2 values that are not numbers were left out: "name".',
      "Of a metric with num, mean and std the mean is taken; the others were left out.",
    ]);
  });

  test("two columns of one name are both kept", async () => {
    const { groups, remarks } = await importedFile(
      "wandb.csv",
      "Step,run - loss,run - loss\n1,0.5,0.75\n2,0.25,0.125\n",
    );
    expect(curve(groups, "run - loss").values).toEqual([0.5, 0.25]);
    expect(curve(groups, "run - loss (2)").values).toEqual([0.75, 0.125]);
    expect(remarks.join()).toContain('several "run - loss"');
  });

  test("a second header adds its columns", async () => {
    const { groups, remarks } = await importedFile(
      "log.csv",
      "epoch,d_loss\n0,0.75\n1,0.5\nepoch,d_loss,fid\n2,0.25,88\n3,0.125,77\n",
    );
    expect(curve(groups, "d_loss")).toEqual({
      steps: [0, 1, 2, 3],
      values: [0.75, 0.5, 0.25, 0.125],
    });
    expect(curve(groups, "fid")).toEqual({ steps: [2, 3], values: [88, 77] });
    expect(remarks).toEqual(['Line 4 is a second header, which adds "fid".']);
  });

  test("values past single precision stay what they are", async () => {
    const { groups, record, store } = await importedFile(
      "log.csv",
      "step,d_loss,nimg\n1,1e39,123456789\n2,1e-50,123456790\n",
    );
    expect(curve(groups, "d_loss").values).toEqual([1e39, 1e-50]);
    expect(curve(groups, "nimg").values).toEqual([123456789, 123456790]);
    expect(record.summary.d_loss).toMatchObject({ max: 1e39, last: 1e-50 });
    expect(await store.get(record.id)).toMatchObject({ kind: "run" });
  });
});

describe("times by their magnitude", () => {
  const timesOf = async (...cells: string[]) => {
    const rows = cells.map((cell, row) => `${row},${cell},0.5`);
    const { groups, record, remarks } = await importedFile(
      "log.csv",
      `step,time,loss\n${rows.join("\n")}\n`,
    );
    return { times: [...groups[0].times], clock: record.clock, remarks };
  };
  const second = 1_700_000_000;

  test.each([
    ["seconds", String(second), String(second + 1)],
    ["milliseconds", `${second}000`, `${second + 1}000`],
    ["microseconds", `${second}000000`, `${second + 1}000000`],
    ["nanoseconds", `${second}123456789`, `${second + 1}123456789`],
    ["dates", "2023-11-14T22:13:20Z", "2023-11-14T22:13:21Z"],
  ])("%s are a clock", async (_, ...cells) => {
    const { times, clock } = await timesOf(...cells);
    expect(clock).toBe("wall");
    expect(Math.floor(times[0])).toBe(second);
    expect(times[1] - times[0]).toBeCloseTo(1, 5);
  });

  test.each([
    ["31.01.2024 14:05:06", "31.01.2024 14:05:07"],
    ["31/01/2024 14:05:06", "31/01/2024 14:05:07"],
    ["01/31/2024 2:05:06 PM", "01/31/2024 2:05:07 PM"],
    ["31.1.24 14:05:06", "31.1.24 14:05:07"],
    ["31-Jan-2024 14:05:06", "31-Jan-2024 14:05:07"],
    ["Wed Jan 31 14:05:06 2024", "Wed Jan 31 14:05:07 2024"],
    ["2024-01-31_14-05-06", "2024-01-31_14-05-07"],
    ["20240131-140506", "20240131-140507"],
    ["2024/1/31 14:05:06", "2024/1/31 14:05:07"],
  ])("%s is a clock, whatever the column is called", async (...cells) => {
    const begin = new Date(2024, 0, 31, 14, 5, 6).getTime() / 1000;
    for (const name of ["time", "written"]) {
      const isShort = /\.24 /.test(cells[0]);
      if (name === "written" && isShort) continue;
      const rows = cells.map((cell, row) => `${row};${cell};0.5`);
      const { groups, record } = await importedFile(
        "log.csv",
        `step;${name};loss\n${rows.join("\n")}\n`,
      );
      expect(groups.map(({ tags }) => tags)).toEqual([["loss"]]);
      expect([...groups[0].times]).toEqual([begin, begin + 1]);
      expect(record.clock).toBe("wall");
    }
  });

  test("one decision on day and month holds for a column, and is said where both could be", async () => {
    const told = await timesOf("01/02/2024 10:00", "13/02/2024 10:00");
    const begin = new Date(2024, 1, 1, 10).getTime() / 1000;
    expect(told).toMatchObject({
      times: [begin, begin + 12 * 86_400],
      remarks: [],
    });
    const open = await timesOf("01/02/2024 10:00", "01/02/2024 10:01");
    expect(open.times[0]).toBe(new Date(2024, 0, 2, 10).getTime() / 1000);
    expect(open.remarks).toEqual([
      '"time": the month comes first in its dates.',
    ]);
    const dots = await timesOf("01.02.2024 10:00", "01.02.2024 10:01");
    expect(dots.times[0]).toBe(begin);
    expect(dots.remarks).toEqual(['"time": the day comes first in its dates.']);
  });

  test("a day and a time of day in two columns are one clock, also past midnight", async () => {
    const { groups, record, remarks } = await importedFile(
      "log.csv",
      "Epoche;Datum;Uhrzeit;Verlust\n1;31.01.2024;23:59:59;0,5\n2;01.02.2024;00:00:01;0,4\n",
    );
    const begin = new Date(2024, 0, 31, 23, 59, 59).getTime() / 1000;
    expect(groups.map(({ tags }) => tags)).toEqual([["Verlust"]]);
    expect([...groups[0].times]).toEqual([begin, begin + 2]);
    expect([...groups[0].steps]).toEqual([1, 2]);
    expect(record.clock).toBe("wall");
    expect(remarks).toContain('"Datum" and "Uhrzeit" are read together.');
    const { times, clock } = await timesOf("23:59:59", "00:00:01");
    expect(times[1] - times[0]).toBe(2);
    expect(clock).toBe("elapsed");
  });

  test.each([
    ["versions", "1.2.24", "1.3.24"],
    ["days that no calendar has", "31.02.2024", "32.01.2024"],
    ["dates beside words", "31.01.2024", "soon"],
  ])("%s are no clock, and said", async (_, ...cells) => {
    const rows = cells.map((cell, row) => `${row};${cell};0.5`);
    const { remarks, record } = await importedFile(
      "log.csv",
      `step;written;loss\n${rows.join("\n")}\n`,
    );
    expect(record.clock).toBe("unknown");
    expect(remarks.join(" ")).toContain('"written" holds no numbers');
  });

  test.each([
    ["numbers", "0.5", "1.5"],
    ["seconds with their unit", "0.5s", "1.5s"],
    ["milliseconds with theirs", "500 ms", "1500 ms"],
    ["durations", "0:00:00.5", "0:00:01.5"],
  ])("%s since the start are kept as such", async (_, ...cells) => {
    expect(await timesOf(...cells)).toMatchObject({
      clock: "elapsed",
      times: [0.5, 1.5],
    });
  });

  test("what cannot be a clock is a metric", async () => {
    const { clock, remarks } = await timesOf("12", "11", "13");
    expect(clock).toBe("unknown");
    expect(remarks).toEqual([
      "time cannot be a clock and is kept as a metric: clock unknown.",
    ]);
  });
});

/** TensorBoard logs of several files, and of files that no well-behaved program writes. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { frameRecord } from "../../src/main/runs/curves/tensorboard/records";
import {
  encodeFileVersion,
  encodeScalars,
} from "../../src/main/runs/curves/tensorboard/messages";
import { curve } from "./library";
import { eventFile, importedFile, importedFolder } from "./imported";

const name = "events.out.tfevents.1700000000.vm.1";
const ten = (first = 0, value = 1) =>
  Array.from({ length: 10 }, (_, row): [number, number] => [
    first + row,
    value + row,
  ]);

describe("several event files", () => {
  test("of add_scalars are curves named after their folders", async () => {
    const { groups, remarks } = await importedFolder({
      [`${name}.0`]: eventFile({}),
      [`loss_d/${name}.1`]: eventFile({ loss: ten() }),
      [`loss_g/${name}.2`]: eventFile({ loss: ten(0, 100) }),
    });
    expect(curve(groups, "loss_d").values).toEqual(ten().map(([, v]) => v));
    expect(curve(groups, "loss_g").steps).toHaveLength(10);
    expect(groups.flatMap(({ tags }) => tags)).toHaveLength(2);
    expect(remarks).toEqual([
      "The scalars of 2 sub-folders are called by their folder.",
    ]);
  });

  test("of Keras keep training and validation apart", async () => {
    const { groups } = await importedFolder({
      [`train/${name}`]: eventFile({ epoch_loss: ten() }),
      [`validation/${name}`]: eventFile({ epoch_loss: ten() }),
    });
    expect(groups.flatMap(({ tags }) => tags).sort()).toEqual([
      "train/epoch_loss",
      "validation/epoch_loss",
    ]);
  });

  test("in one folder below are read as if it had been chosen", async () => {
    const { groups, remarks } = await importedFolder({
      [`version_0/${name}`]: eventFile({ loss: ten() }),
    });
    expect(curve(groups, "loss").steps).toHaveLength(10);
    expect(remarks).toEqual([]);
  });

  test("by two writers of one tag are both kept", async () => {
    const { groups, remarks } = await importedFolder({
      [name]: eventFile({ loss: ten() }),
      [`${name.slice(0, -1)}2.val`]: eventFile({ loss: ten(0, 50) }),
    });
    expect(curve(groups, "loss").values[0]).toBe(1);
    expect(curve(groups, "loss (val)").values[0]).toBe(50);
    expect(remarks.join()).toContain("(val)");
  });

  test("of a training that was taken up again say what is void", async () => {
    const { groups, remarks } = await importedFolder({
      [name]: eventFile({ loss: ten() }),
      [`${name}x`]: eventFile({ loss: ten(7, 50) }, (row) => 1.8e9 + row),
    });
    expect(curve(groups, "loss").steps).toEqual([
      ...ten(0)
        .map(([step]) => step)
        .slice(0, 7),
      ...ten(7).map(([step]) => step),
    ]);
    expect(remarks).toEqual([
      `${name}x continues at step 7: 3 rows of the file before it from there on were left out.`,
    ]);
  });
});

describe("an event file", () => {
  test("whose steps start again is counted on", async () => {
    const { groups, remarks } = await importedFile(
      name,
      eventFile({ loss: [...ten(), ...ten(), ...ten()] }),
    );
    expect(curve(groups, "loss").steps).toEqual(
      Array.from({ length: 30 }, (_, step) => step),
    );
    expect(remarks).toEqual([
      "The step starts again 2 times: steps are counted on.",
    ]);
  });

  test("without steps numbers its rows", async () => {
    const { groups } = await importedFile(
      name,
      eventFile({ loss: ten().map(([, value]) => [0, value]) }),
    );
    expect(curve(groups, "loss").steps).toEqual(ten(1).map(([step]) => step));
  });

  test("is kept byte for byte where it can be", async () => {
    const bytes = eventFile({ loss: ten() });
    const { store, record } = await importedFile(name, bytes);
    expect(await readFile(join(store.folder(record.id), name))).toEqual(
      Buffer.from(bytes),
    );
  });

  test.each([
    ["NaN", NaN],
    ["infinite", Infinity],
    ["1e300", 1e300],
    ["in milliseconds", 1.7e12],
  ])("with times that are %s opens and can be told of", async (_, time) => {
    const bytes = eventFile({ loss: ten() }, (row) => time + row * 1000);
    const { store, record, groups } = await importedFile(name, bytes);
    expect(await store.get(record.id)).toMatchObject({ kind: "run" });
    expect(curve(groups, "loss").steps).toHaveLength(10);
    expect(record.clock).toBe(time === 1.7e12 ? "wall" : "unknown");
    expect([...groups[0].times].every((one) => one >= 0 && one < 1e11)).toBe(
      true,
    );
  });

  test("leaves out steps past 2^53, and says so", async () => {
    const records = [
      encodeFileVersion(1.7e9),
      encodeScalars(1.7e9, 1, [{ tag: "loss", value: 1 }]),
      hugeStep(),
    ].map(frameRecord);
    const { groups, remarks, store, record } = await importedFile(
      name,
      Buffer.concat(records),
    );
    expect(curve(groups, "loss").steps).toEqual([1]);
    expect(remarks).toEqual(["1 damaged record was left out."]);
    expect(await store.get(record.id)).toMatchObject({ kind: "run" });
  });

  test.skipIf(process.platform === "win32")(
    "with a name that some system refuses is kept under another",
    async () => {
      const { store, record } = await importedFolder({
        "CON.tfevents:1": eventFile({ loss: ten() }),
        "con.tfevents:1": eventFile({ other: ten() }),
      });
      const names = await readdir(store.folder(record.id));
      expect(names.filter((one) => /con|:/i.test(one))).toEqual([]);
      expect(Object.keys(record.summary).sort()).toEqual(["loss", "other"]);
    },
  );
});

/** The step 2^62 as a varint, and a scalar. */
function hugeStep(): Uint8Array {
  const small = encodeScalars(1.7e9, 1, [{ tag: "loss", value: 2 }]);
  const step = [...Array.from({ length: 8 }, () => 0x80), 0x40];
  return Uint8Array.from([
    ...small.subarray(0, 10),
    ...step,
    ...small.subarray(11),
  ]);
}

describe("a note of Git LFS", () => {
  const note =
    "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
  const isNote = `is Git LFS's note of where the file is, not the file; get it with "git lfs pull"`;

  test.each([name, "log.txt", "log.csv", "stats.jsonl", "run.ganrun"])(
    "called %s is refused as that",
    async (file) => {
      await expect(importedFile(file, note)).rejects.toThrow(
        `${file} ${isNote}.`,
      );
    },
  );

  test.each([name, "stats.jsonl"])(
    "that is all a folder holds, %s, is refused as that",
    async (file) => {
      await expect(importedFolder({ [file]: note })).rejects.toThrow(
        `${file} ${isNote}.`,
      );
    },
  );

  test("beside an event file is left out and said", async () => {
    const { groups, remarks } = await importedFolder({
      [name]: eventFile({ loss: ten() }),
      [`${name}x`]: note,
    });
    expect(curve(groups, "loss").steps).toHaveLength(10);
    expect(remarks).toEqual([`${name}x ${isNote}: left out.`]);
  });
});

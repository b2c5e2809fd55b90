import { crc32c as peerCrc } from "@aws-crypto/crc32c";
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MetricSeries } from "../../src/main/runs/curves/metric-series";
import { crc32c } from "../../src/main/runs/curves/tensorboard/crc32c";
import {
  encodeFileVersion,
  encodeScalars,
} from "../../src/main/runs/curves/tensorboard/messages";
import { readLog } from "../../src/main/runs/curves/tensorboard/read-log";
import { frameRecord } from "../../src/main/runs/curves/tensorboard/records";
import { encodeLog } from "../../src/main/runs/curves/tensorboard/write-log";
import { findPython, pythonEnvironment } from "../python";
import { curve, temporaryFolder } from "./library";

const name = "events.out.tfevents.1700000000.test";
const steps = [1, 2, 3, 128, 20_000, 2 ** 31];

/** A small log: the version and six steps of two tags. */
function smallLog(): Uint8Array {
  return encodeLog([
    {
      tags: ["loss/generator", "ö"],
      steps: Float64Array.from(steps),
      times: Float64Array.from(steps, (step) => 1.7e9 + step / 8),
      values: [
        Float32Array.of(0.5, NaN, Infinity, -0, 1e-40, -3),
        Float32Array.of(1, 2, 3, 4, 5, 6),
      ],
    },
  ]);
}

async function readBytes(bytes: Uint8Array) {
  const folder = await temporaryFolder();
  await writeFile(join(folder, name), bytes);
  return new MetricSeries(folder).read();
}

test("the checksum is that of an independent implementation at every length", () => {
  const bytes = Uint8Array.from({ length: 70 }, (_, index) => 37 * index);
  for (let end = 0; end <= bytes.length; end++)
    expect(crc32c(bytes, 3, Math.max(3, end))).toBe(
      peerCrc(bytes.subarray(3, Math.max(3, end))),
    );
});

test("what is written is read back, infinities and NaN included", async () => {
  const { groups, damaged } = await readBytes(smallLog());
  expect(damaged).toBe(0);
  expect(groups).toHaveLength(1);
  expect(curve(groups, "loss/generator")).toEqual({
    steps,
    values: [0.5, NaN, Infinity, -0, Math.fround(1e-40), -3],
  });
  expect(curve(groups, "ö").values).toEqual([1, 2, 3, 4, 5, 6]);
  expect(groups[0].times[3]).toBe(1.7e9 + 16);
});

test("a file that ends anywhere gives the records before that place and no damage", async () => {
  const log = smallLog();
  const folder = await temporaryFolder();
  const path = join(folder, name);
  let known = 0;
  for (let end = 0; end <= log.length; end++) {
    await writeFile(path, log.subarray(0, end));
    const found: number[] = [];
    const { damaged, offset } = await readLog(path, 0, (data) => {
      found.push(data.length);
    });
    expect(damaged).toBe(0);
    expect(offset).toBeLessThanOrEqual(end);
    expect(found.length).toBeGreaterThanOrEqual(known);
    known = found.length;
  }
  expect(known).toBe(1 + steps.length);
});

test("a flipped byte costs one record, which is counted, and nothing else", async () => {
  const log = smallLog();
  const folder = await temporaryFolder();
  const path = join(folder, name);
  for (let at = 0; at < log.length; at++) {
    const flipped = Uint8Array.from(log);
    flipped[at] ^= 0xff;
    await writeFile(path, flipped);
    let whole = 0;
    const { damaged } = await readLog(path, 0, () => whole++);
    expect(whole, `byte ${at}`).toBe(steps.length);
    expect(damaged, `byte ${at}`).toBeGreaterThanOrEqual(
      // With nothing behind it, a broken last header may as well be one that is still being written.
      at > log.length - 20 ? 0 : 1,
    );
  }
});

test("bytes that are no log at all are damage, not an endless search", async () => {
  const noise = new Uint8Array(300_000).fill(0xa5);
  const { groups, damaged } = await readBytes(noise);
  expect(groups).toEqual([]);
  expect(damaged).toBeGreaterThan(0);
});

test("a record with a good checksum that is no event is skipped and counted", async () => {
  const log = smallLog();
  const odd = frameRecord(Uint8Array.of(0x2a, 0xff, 0xff, 0xff, 0x7f, 1));
  const { groups, damaged } = await readBytes(
    Uint8Array.from([...log, ...odd, ...log]),
  );
  expect(damaged).toBe(1);
  expect(groups[0].steps).toHaveLength(2 * steps.length);
});

test("a file that grows is read from where it was left", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, name);
  const log = smallLog();
  const series = new MetricSeries(folder);
  for (const end of [0, 30, 200, 201, log.length]) {
    await writeFile(path, log.subarray(0, end));
    await series.read();
  }
  const { groups } = await series.read();
  expect([...groups[0].steps]).toEqual(steps);
});

test("several readings at once see each row once", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, name), smallLog());
  const series = new MetricSeries(folder);
  const readings = await Promise.all([1, 2, 3].map(() => series.read()));
  for (const { groups } of readings)
    expect([...groups[0].steps]).toEqual(steps);
});

test("a record larger than what is read at once is read whole", async () => {
  const tag = "x".repeat(9 << 20);
  const large = frameRecord(encodeScalars(1, 7, [{ tag, value: 2 }]));
  const small = frameRecord(encodeScalars(1, 8, [{ tag: "s", value: 3 }]));
  const { groups, damaged } = await readBytes(concat(large, small));
  expect(damaged).toBe(0);
  expect(curve(groups, tag).values).toEqual([2]);
  expect(curve(groups, "s").values).toEqual([3]);
});

test("a training that was gone on with in a second file voids the first from there on", async () => {
  const folder = await temporaryFolder();
  const write = (file: string, rows: [number, number][]) =>
    writeFile(
      join(folder, file),
      encodeLog([
        {
          tags: ["loss"],
          steps: Float64Array.from(rows, ([step]) => step),
          times: Float64Array.from(rows, ([step]) => step),
          values: [Float32Array.from(rows, ([, value]) => value)],
        },
      ]),
    );
  await write("events.out.tfevents.1.a", [
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
  await write("events.out.tfevents.2.a", [
    [2, 20],
    [3, 30],
    [4, 40],
  ]);
  const { groups } = await new MetricSeries(folder).read();
  expect(curve(groups, "loss")).toEqual({
    steps: [1, 2, 3, 4],
    values: [1, 20, 30, 40],
  });
});

describe("TensorBoard's own programs", () => {
  const python = findPython(["tensorboard"]);
  const why = python.available ? "" : python.reason;

  test.skipIf(!python.available)(
    `read what is written (${why || "its event reader"})`,
    async () => {
      const folder = await temporaryFolder();
      await writeFile(join(folder, name), smallLog());
      const read = runPython(
        `
import json, sys
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
rows = []
for event in EventFileLoader(sys.argv[1]).Load():
    for value in event.summary.value:
        rows.append([event.step, event.wall_time, value.tag, str(value.tensor.float_val[0])])
print(json.dumps(rows))`,
        join(folder, name),
      );
      const rows = JSON.parse(read) as [number, number, string, string][];
      expect(rows).toHaveLength(2 * steps.length);
      expect(rows[0]).toEqual([1, 1.7e9 + 0.125, "loss/generator", "0.5"]);
      expect(rows[2][3]).toBe("nan");
      expect(rows[10]).toEqual([
        2 ** 31,
        1.7e9 + 2 ** 28,
        "loss/generator",
        "-3.0",
      ]);
    },
  );

  test.skipIf(!python.available)(
    `write what is read (${why || "its event file writer, tensors and images"})`,
    async () => {
      const folder = await temporaryFolder();
      runPython(
        `
import sys
from tensorboard.summary import Writer
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.proto.tensor_pb2 import TensorProto
writer = EventFileWriter(sys.argv[1])
for step in range(5):
    simple = Summary.Value(tag="simple", simple_value=step / 2)
    packed = Summary.Value(tag="float_val", tensor=TensorProto(dtype=1, float_val=[step * 3.0]))
    raw = Summary.Value(tag="content", tensor=TensorProto(dtype=2, tensor_content=b"\\0" * 6 + b"\\xf0\\x3f"))
    text = Summary.Value(tag="text", tensor=TensorProto(dtype=7, string_val=[b"hello"]))
    writer.add_event(Event(wall_time=step, step=step, summary=Summary(value=[simple, packed, raw, text])))
writer.close()`,
        folder,
      );
      const { groups, damaged } = await new MetricSeries(folder).read();
      expect(damaged).toBe(0);
      expect(curve(groups, "simple").values).toEqual([0, 0.5, 1, 1.5, 2]);
      expect(curve(groups, "float_val").values).toEqual([0, 3, 6, 9, 12]);
      expect(curve(groups, "content").values).toEqual([1, 1, 1, 1, 1]);
      expect(curve(groups, "text").values).toEqual([]);
    },
  );

  function runPython(script: string, ...args: string[]): string {
    if (!python.available) throw new Error(python.reason);
    const { stdout, stderr, status } = spawnSync(
      python.path,
      ["-c", script, ...args],
      { encoding: "utf8", env: pythonEnvironment() },
    );
    if (status !== 0) throw new Error(stderr);
    return stdout;
  }
});

test("the first event says the version, as TensorBoard wants it", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, name), frameRecord(encodeFileVersion(5)));
  const text = (await readFile(join(folder, name))).toString("latin1");
  expect(text).toContain("brain.Event:2");
});

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

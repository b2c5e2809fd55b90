import { expect, it } from "vitest";
import { MetricBuffer } from "../../src/main/trainer/metric-buffer";
import { stepMetrics } from "../../src/shared/metrics";

it("holds every row of many answers, however many come before it is asked", () => {
  const buffer = new MetricBuffer(1);
  const answer = (first: number, count: number) =>
    stepMetrics.map((_, metric) =>
      Float32Array.from({ length: count }, (_, row) => metric + first + row),
    );
  const updates = (first: number, count: number) =>
    Array.from({ length: count }, (_, row) => (first + row) % 3 === 0);
  for (let first = 0; first < 700; first += 100)
    buffer.append(answer(first, 100), updates(first, 100), 100, [
      first,
      first + 100,
    ]);

  const block = buffer.take();
  const rows = Array.from({ length: 700 }, (_, row) => row);
  expect(block?.firstStep).toBe(1);
  expect(block?.columns.map((column) => [...column])).toEqual(
    stepMetrics.map((_, metric) => rows.map((row) => metric + row)),
  );
  expect([...(block?.generatorUpdated ?? [])]).toEqual(
    rows.map((row) => (row % 3 === 0 ? 1 : 0)),
  );
  expect([...(block?.times ?? [])]).toEqual(rows.map((row) => row + 1));
  expect(buffer.take()).toBeNull();
});

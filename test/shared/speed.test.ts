import { expect, test } from "vitest";
import { Speedometer } from "../../src/shared/speed";

const report = (done: number, title = "a", total: number | null = 1000) => ({
  title,
  done,
  total,
});

test("the speed and the time left follow from the last seconds", () => {
  const meter = new Speedometer();
  expect(meter.take(report(0), 10)).toBeNull();
  expect(meter.take(report(100), 11)).toEqual({
    perSecond: 100,
    secondsLeft: 9,
  });
});

test("what was fast long ago no longer counts", () => {
  const meter = new Speedometer();
  meter.take(report(0), 0);
  for (let second = 1; second <= 20; second++)
    meter.take(report(500 + second), second);
  expect(meter.take(report(521), 21)?.perSecond).toBeCloseTo(1, 5);
});

test("a new file and one that begins again are measured anew", () => {
  const meter = new Speedometer();
  meter.take(report(0), 0);
  meter.take(report(900), 1);
  expect(meter.take(report(0, "b"), 2)).toBeNull();
  meter.take(report(50, "b"), 3);
  expect(meter.take(report(10, "b"), 4)).toBeNull();
});

test("no time is told where the end is unknown or nothing moves", () => {
  const meter = new Speedometer();
  meter.take(report(5, "a", null), 0);
  expect(meter.take(report(9, "a", null), 2)).toEqual({
    perSecond: 2,
    secondsLeft: null,
  });
  expect(meter.take(report(9), 8)?.secondsLeft).toBeNull();
});

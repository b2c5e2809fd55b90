/** A measurement with two measures that a test can name. */
import { measureNames } from "../../src/shared/quality";
import type { Measures, Quality } from "../../src/shared/quality";

interface Value {
  value: number;
  /** Half of its interval. */
  within: number;
}

export interface Measured {
  fd: Value;
  precision: Value;
  /** So many against so many real images. */
  samples: number;
}

/** As it is kept with a run. */
export function measured(
  runId: string,
  step: number,
  { fd, precision, samples }: Measured,
): Quality {
  const reason = "It is not of this test.";
  const none = Object.fromEntries(
    measureNames.map((name) => [name, { reason }]),
  ) as Measures;
  return {
    runId,
    step,
    extractor: {
      hash: "0123456789abcdef",
      kind: "classifier",
      features: 64,
      accuracy: 0.99,
    },
    realSet: { title: "digits", hash: "1", count: samples, part: "test part" },
    samples,
    measures: {
      ...none,
      fd: { ...interval(fd), floor: 0.25 },
      precision: { ...interval(precision), ceiling: 0.9 },
    },
  };
}

function interval({ value, within }: Value) {
  return { value, low: value - within, high: value + within };
}

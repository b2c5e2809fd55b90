/** How a sweep that was trained here ends where another program trained some of it. */
import { expect, test } from "vitest";
import { refuseOtherEnds } from "../../src/main/cli/sweep-train";

const trouble = new Map([[2, "The run s-2 is being trained already."]]);
const status = {
  id: "s",
  name: "Rates",
  createdAt: "2024-01-31T14:05:06.000Z",
  cancelled: false,
  report: null,
  entries: [],
  unfinished: [],
};

test("what another program has trained meanwhile is no failure", () => {
  const all = { ...status, done: true, counts: { finished: 4 } };
  expect(() => refuseOtherEnds(all, trouble, false)).not.toThrow();
});

test("what another program still trains is told with the reason", () => {
  const most = { ...status, done: false, counts: { finished: 3, training: 1 } };
  expect(() => refuseOtherEnds(most, trouble, false)).toThrow(
    "Not all of it was trained: 3 finished, 1 training (The run s-2 is being trained already)",
  );
});

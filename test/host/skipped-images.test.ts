import { expect, test } from "vitest";
import { tellSkipped } from "../../src/main/host/recording";
import type { AppEvent } from "../../src/shared/contract/events";

test("whoever watches a run is told which images it leaves out", () => {
  const events: AppEvent[] = [];
  const host = { emit: (event: AppEvent) => events.push(event) };
  const first = { file: "cats/7.jpg", reason: "it is empty" };
  tellSkipped(host, "a-run", { type: "images-skipped", count: 3, first });
  expect(events).toEqual([
    {
      type: "notice",
      notice: {
        level: "warning",
        text: "3 images could not be read and are left out; the first is cats/7.jpg: it is empty.",
        advice: "The preview of the data set lists them.",
        run: "a-run",
      },
    },
  ]);
});

/** A window open on a library while the command line trains in it: two processes, as they are built. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { AppEvent } from "../../src/shared/contract/events";
import { openChannel, temporaryApplication } from "./application";
import { missingBuild } from "../../tools/torture/round";

test.skipIf(missingBuild() !== null)(
  "a run of the command line is shown live: its steps, its log, its grids and its violent end",
  async () => {
    const application = await temporaryApplication();
    const events: AppEvent[] = [];
    application.attach(openChannel((event) => events.push(event)));
    const { library } = await application.handlers.app.info({});
    const child = spawn(process.execPath, [
      resolve(import.meta.dirname, "../../bin/gan-workbench.mjs"),
      ...["train", "--preset", "jaketae-mlp", "--dataset", "strokes"],
      ...["--set", 'data.limit={"count":640,"pick":"first"}'],
      ...["--set", "log.cadence.every=10", "--steps", "1000000"],
      ...["--library", library],
    ]);
    onTestFinished(() => void child.kill("SIGKILL"));

    const told = () =>
      events.flatMap((event) =>
        event.type === "training-progress" ? [event.progress.step] : [],
      );
    await vi.waitUntil(() => new Set(told()).size > 3, 50_000);
    expect(told()).toEqual(told().toSorted((a, b) => a - b));
    await vi.waitUntil(
      () => events.some(({ type }) => type === "log-line"),
      10_000,
    );
    await vi.waitUntil(
      () => listings().some(({ samples }) => samples.length),
      10_000,
    );

    child.kill("SIGKILL");
    await once(child, "close");
    await vi.waitUntil(
      () => listings().at(-1)?.record.state === "interrupted",
      20_000,
    );
    await application.close();

    function listings() {
      return events.flatMap((event) =>
        event.type === "run-changed" && event.listing.kind === "run"
          ? [event.listing]
          : [],
      );
    }
  },
  120_000,
);

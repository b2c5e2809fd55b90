/** A native crash takes the whole process. What the next start says of it, and that the run goes on. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import type { AppEvent } from "../../src/shared/contract/events";
import { openChannel, recordOf, temporaryApplication } from "./application";

it("names the engine after a crash from inside the worker, and offers the run from its checkpoint", async () => {
  const library = await mkdtemp(join(tmpdir(), "crash-library-"));
  const dataFolder = await mkdtemp(join(tmpdir(), "crash-data-"));
  const crashing = spawn(
    process.execPath,
    [
      ...[
        "--import",
        "tsx",
        "--require",
        join(import.meta.dirname, "segfault.cjs"),
      ],
      ...[join(import.meta.dirname, "crashing-run.ts"), library, dataFolder],
    ],
    {
      env: { ...process.env, CRASHING_LIBRARY: library },
      timeout: 60_000,
      killSignal: "SIGKILL",
    },
  );
  const [, signal] = (await once(crashing, "exit")) as [number, string];
  expect(signal).toBe("SIGSEGV");

  const heard: AppEvent[] = [];
  const application = await temporaryApplication({ library, dataFolder });
  application.attach(openChannel((event) => void heard.push(event)));
  await vi.waitUntil(() => heard.some(({ type }) => type === "notice"));
  const notices = heard.filter((event) => event.type === "notice");
  expect(notices).toHaveLength(1);
  const [{ notice }] = notices;
  expect(notice.text).toMatch(
    /^GAN Workbench ended while CPU \(CPU, \d+ threads?\) trained “Crashing”: it crashed or was killed\.$/,
  );
  expect(notice.advice).toMatch(
    /^Resume the run from its checkpoint at step \d+\.$/,
  );
  expect(notice.run).toBe("crashing");
  await vi.waitUntil(() =>
    heard.some(({ type }) => type === "interrupted-runs"),
  );

  const steps = (await recordOf(application, "crashing")).progress.step + 20;
  await application.handlers.training.resume({ run: "crashing", steps });
  await vi.waitUntil(() => application.trainingRun() === null, 30_000);
  const record = await recordOf(application, "crashing");
  expect(record).toMatchObject({
    state: "finished",
    progress: { step: steps },
  });
  expect(record.environment?.choice).not.toBeNull();
  await application.close();

  const calm: AppEvent[] = [];
  const next = await temporaryApplication({ library, dataFolder });
  next.attach(openChannel((event) => void calm.push(event)));
  await next.handlers.app.info({});
  await next.close();
  expect(calm.filter(({ type }) => type === "notice")).toEqual([]);
});

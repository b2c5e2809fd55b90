/** An export that is told to end leaves nothing half-written beside what it was to write. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { notBuilt, temporaryHome, trainHere } from "./command-line";

const program = resolve(import.meta.dirname, "../../bin/gan-workbench.mjs");
const home = temporaryHome();
const library = () => join(home(), "library");

describe.skipIf(notBuilt !== null || process.platform === "win32")(
  `an export (${notBuilt ?? "built"})`,
  () => {
    let run = "";
    beforeAll(async () => {
      run = await trainHere(library());
    }, 120_000);

    test.each(["SIGTERM", "SIGHUP"] as const)(
      "that %s ends leaves nothing behind",
      async (signal) => {
        const folder = await mkdtemp(join(tmpdir(), "export-"));
        onTestFinished(() => rm(folder, { recursive: true }));
        const words = ["export", run, "--format", "samples", "--as", "zip"];
        const target = join(folder, "samples.zip");
        const child = spawn(
          process.execPath,
          [
            program,
            ...words,
            "--count",
            "200000",
            "--library",
            library(),
            "--out",
            target,
          ],
          { env: { ...process.env, GAN_WORKBENCH_HOME: home() } },
        );
        const ended = once(child, "close");
        await vi.waitFor(
          async () => expect(await readdir(folder)).toHaveLength(1),
          { timeout: 30_000, interval: 20 },
        );
        child.kill(signal);
        expect((await ended)[0]).toBe(1);
        expect(await readdir(folder)).toEqual([]);
      },
      120_000,
    );
  },
);

/** Nothing that is done here is told to anybody. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { command, notBuilt } from "./command-line";

// Elsewhere ONNX Runtime's binary has no reporting of its own.
test.skipIf(notBuilt !== null || process.platform !== "linux")(
  "ONNX Runtime reports no training, and keeps no identifier of this machine",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "private-"));
    const home = join(folder, "home");
    const temporary = join(folder, "temporary");
    await mkdir(home);
    await mkdir(temporary);
    const env = {
      ...process.env,
      HOME: home,
      TMPDIR: temporary,
      GAN_WORKBENCH_HOME: join(folder, "own"),
      // It is silent where these are set.
      CI: undefined,
      ORT_DISABLE_TELEMETRY: undefined,
      XDG_CACHE_HOME: undefined,
    };
    await promisify(execFile)(
      process.execPath,
      [
        ...[command, "train", "--preset", "wiseodd-mlp", "--steps", "5"],
        ...["--dataset", "strokes", "--engine", "onnx"],
        ...["--set", 'data.limit={"count":640,"pick":"first"}'],
      ],
      { env },
    );
    expect(await readdir(home)).toEqual([]);
    expect(await readdir(temporary)).toEqual([]);
    await rm(folder, { recursive: true });
  },
);

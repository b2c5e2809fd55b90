/**
 * What an export of many pictures keeps in memory, as the command line makes it: a process of its own, and the most
 * that it ever held. Keeping the frames would take 310 MB more.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { notBuilt } from "../cli/command-line";
import type { Library } from "./library";
import { makeLibrary } from "./library";

const steps = 1_000;
const mostMegabytes = 300;
/** Says how much the process held when it ends. */
const measured = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => process.send(process.resourceUsage().maxRSS / 1024));",
)}`;

let library: Library;
let run: string;

beforeAll(async () => {
  library = await makeLibrary();
  run = await library.add({ name: "long", samples: [0] });
  const first = library.store.samplePath(run, 0);
  for (let step = 1; step < steps; step++)
    await copyFile(first, library.store.samplePath(run, step));
});
afterAll(() => library.remove());

test.skipIf(notBuilt !== null).each(["gif", "webp", "zip"])(
  `%s of ${steps} grids stays below ${mostMegabytes} MB`,
  async (format) => {
    const child = spawn(
      process.execPath,
      [
        ...["--import", measured],
        resolve(import.meta.dirname, "../../bin/gan-workbench.mjs"),
        ...["export", run, "--format", format, "--scale", "16"],
        ...["--out", join(library.folder, `long.${format}`)],
        ...["--library", library.store.library],
      ],
      { stdio: ["ignore", "ignore", "inherit", "ipc"] },
    );
    let megabytes = Infinity;
    child.on("message", (told) => (megabytes = Number(told)));
    const [code] = (await once(child, "close")) as [number];
    expect(code).toBe(0);
    expect(megabytes).toBeLessThan(mostMegabytes);
  },
  180_000,
);

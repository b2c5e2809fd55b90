/** Standard output that breaks: a reader who has had enough, and a disk without room. */
import { spawn } from "node:child_process";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jsonLines, notBuilt, runHere } from "./command-line";

let library: string;
const program = resolve(import.meta.dirname, "../../bin/gan-workbench.mjs");
const train = [
  ...["train", "--preset", "jaketae-mlp", "--dataset", "strokes"],
  ...["--set", 'data.limit={"count":640,"pick":"first"}'],
  ...["--engine", "onnx", "--set", "threads=1", "--json"],
];

beforeAll(async () => {
  library = await mkdtemp(join(tmpdir(), "output-"));
  process.env.GAN_WORKBENCH_HOME = library;
});
afterAll(async () => {
  delete process.env.GAN_WORKBENCH_HOME;
  await rm(library, { recursive: true });
});

/** Runs with standard output as given; `begun` gets the process. */
function run(
  args: readonly string[],
  out: "pipe" | number,
  begun: (child: ReturnType<typeof spawn>) => void = () => undefined,
): Promise<{ code: number | null; error: string }> {
  const child = spawn(
    process.execPath,
    [program, ...args, "--library", library],
    { stdio: ["ignore", out, "pipe"] },
  );
  let error = "";
  child.stderr?.on("data", (text: Buffer) => (error += text.toString()));
  begun(child);
  return new Promise((done) =>
    child.on("close", (code) => done({ code, error })),
  );
}

describe.skipIf(notBuilt !== null)(`output (${notBuilt ?? "built"})`, () => {
  it("that nobody reads any more stops a training properly", async () => {
    const ended = await run([...train, "--steps", "1000000"], "pipe", (child) =>
      child.stdout?.once("data", () => child.stdout?.destroy()),
    );
    expect(ended).toEqual({ code: 0, error: "" });
    const [runs] = jsonLines(
      await runHere("list", "--json", "--library", library),
    );
    expect(runs).toMatchObject([{ record: { state: "stopped" } }]);
  });

  it.skipIf(process.platform !== "linux")(
    "that has no room is told in one sentence",
    async () => {
      const full = await open("/dev/full", "w");
      const ended = await run(["list"], full.fd);
      await full.close();
      expect(ended).toEqual({
        code: 1,
        error:
          "The output could not be written: the disk is full; make room and try again.\n",
      });
    },
  );
});

import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  jsonLines,
  notBuilt,
  runApart,
  runHere,
  temporaryHome,
} from "./command-line";

const home = temporaryHome();
let library: string;
const quiet = [
  ...["--engine", "onnx"],
  ...["--set", "engine.spinning=false", "--set", "engine.threads=1"],
];
const few = ["--set", 'data.limit={"count":640,"pick":"first"}'];
const small = [
  "--preset",
  "jaketae-mlp",
  "--dataset",
  "strokes",
  ...few,
  ...quiet,
];

beforeAll(() => {
  library = join(home(), "library");
});

describe("train", () => {
  it("prints the tutorial's own lines and keeps the run", async () => {
    const outcome = await runHere(
      ...["train", ...small, "--library", library, "--epochs", "2"],
      ...["--set", "log.cadence.every=10", "--name", "two epochs"],
    );
    expect(outcome.error).toBe("");
    expect(outcome.code).toBe(0);
    expect(outcome.out).toMatch(
      /^Epoch \[2\/2\], Step \[10\/10\], d_loss: \d\.\d{4}, g_loss: \d\.\d{4}, D\(x\): \d\.\d\d, D\(G\(z\)\): \d\.\d\d$/m,
    );
    expect(outcome.out).toContain("Finished after 20 steps");
    const list = await runHere("list", "--library", library);
    expect(list.out).toContain("two epochs");
  });

  it("downloads nothing unasked: without --dataset it takes what is on this machine, and says so", async () => {
    const outcome = await runHere(
      ...["train", "--preset", "jaketae-mlp", ...few, ...quiet, "--json"],
      ...["--library", library, "--steps", "5"],
    );
    expect(outcome.code).toBe(0);
    expect(outcome.error).toBe(
      "MNIST is not on this machine, so this run trains on strokes; --dataset mnist downloads it.\n",
    );
    const run = String(jsonLines(outcome).at(-1)?.run);
    const shown = await runHere("show", run, "--library", library, "--json");
    expect(JSON.parse(shown.out)).toMatchObject({
      record: {
        settings: { data: { source: "strokes" } },
        environment: { engine: "onnx", device: "CPU, 1 thread" },
      },
    });
  });

  it("writes one JSON object a line, the last of type finished", async () => {
    const outcome = await runHere(
      ...["train", ...small, "--library", library, "--steps", "30", "--json"],
    );
    expect(outcome.code).toBe(0);
    const lines = jsonLines(outcome);
    expect(lines[0]).toMatchObject({ type: "started" });
    const last = lines.at(-1);
    expect(last).toMatchObject({ type: "finished", steps: 30 });
    const shown = await runHere(
      ...["show", String(last?.run), "--library", library, "--json"],
    );
    expect(jsonLines(shown)[0]).toMatchObject({
      kind: "run",
      record: { state: "finished", settings: { seed: 0 } },
      checkpoints: [30],
    });
  });

  it("gives the same figures for the same seed and others for another", async () => {
    const lossOf = async (seed: string) => {
      const outcome = await runHere(
        ...["train", ...small, "--library", library, "--json"],
        ...["--steps", "12", "--seed", seed],
      );
      return JSON.stringify(jsonLines(outcome).at(-1)?.summary);
    };
    const first = await lossOf("5");
    expect(await lossOf("5")).toBe(first);
    expect(await lossOf("6")).not.toBe(first);
  });

  it("goes on with a finished run to a new total, without a seam", async () => {
    const args = [...small, "--library", library, "--json"];
    const first = await runHere("train", ...args, "--steps", "10");
    const run = String(jsonLines(first).at(-1)?.run);
    const resumed = await runHere(
      ...["resume", run, "--library", library, "--steps", "20", "--json"],
    );
    const whole = await runHere("train", ...args, "--steps", "20");
    expect(resumed.error).toContain("from 10 to 20 steps.");
    expect(jsonLines(resumed).at(-1)).toMatchObject({
      type: "finished",
      run,
      steps: 20,
    });
    expect(jsonLines(resumed).at(-1)?.summary).toEqual(
      jsonLines(whole).at(-1)?.summary,
    );
  });

  it("says what differs and goes on under changed settings only when told to", async () => {
    const changed = [
      ...["resume", "last", "--library", library, "--steps", "24", "--json"],
      ...["--set", "learningRateG=1e-3"],
    ];
    const refused = await runHere(...changed);
    expect(refused.code).toBe(2);
    expect(refused.error).toMatch(/0\.0002 so far, 0\.001 from here on/);
    expect(refused.error).toContain("add --yes");
    const same = await runHere(
      ...["resume", "last", "--library", library, "--steps", "22", "--json"],
      ...["--set", "learningRateG=2e-4"],
    );
    expect(jsonLines(same).at(-1)).toMatchObject({
      type: "finished",
      steps: 22,
    });
    const agreed = await runHere(...changed, "--yes");
    expect(jsonLines(agreed).at(-1)).toMatchObject({
      type: "finished",
      steps: 24,
    });
  });

  it("refuses to go on with other networks, and leaves the run alone", async () => {
    const shown = () => runHere("show", "last", "--library", library, "--json");
    const before = (await shown()).out;
    const refused = await runHere(
      ...["resume", "last", "--library", library, "--steps", "30", "--yes"],
      ...["--set", "generator.layers.0.units=128"],
    );
    expect(refused.code).toBe(2);
    expect(refused.error).toContain(
      "training continues with the same networks",
    );
    expect((await shown()).out).toBe(before);
  });

  it("forks from a checkpoint with a changed learning rate", async () => {
    const fork = await runHere(
      ...["fork", "last", "--library", library, "--steps", "30", "--json"],
      ...["--set", "learningRate=1e-3"],
    );
    const last = jsonLines(fork).at(-1);
    expect(last).toMatchObject({ type: "finished", steps: 30 });
    const shown = await runHere(
      ...["show", String(last?.run), "--library", library, "--json"],
    );
    expect(jsonLines(shown)[0]).toMatchObject({
      record: { parent: { step: 24 } },
    });
  });

  it("a fork trains at least one step, and is called after its parent", async () => {
    const fork = (...more: string[]) =>
      runHere("fork", "last", "--library", library, "--json", ...more);
    const refused = await fork("--steps", "30");
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.error).toContain(
      "It would end at once: it begins at step 30 and is to end at step 30; give more steps.",
    );
    const longer = await fork("--steps", "+5");
    expect(jsonLines(longer).at(-1)).toMatchObject({
      type: "finished",
      steps: 35,
    });
    const unasked = await fork("--name", "as long again");
    expect(unasked.error).toBe("It trains 35 steps more, until step 70.\n");
    const shown = await runHere("list", "--library", library);
    expect(shown.out).toMatch(/ · fork @30$/m);
  });

  it("resumes for so many steps more", async () => {
    const resumed = await runHere(
      ...["resume", "last", "--library", library, "--steps", "+5", "--json"],
    );
    expect(jsonLines(resumed).at(-1)).toMatchObject({
      type: "finished",
      steps: 75,
    });
  });

  it("exits 3 with the step where a run diverges", async () => {
    const rash = '{"type":"sgd","learningRate":10,"momentum":0.99}';
    const outcome = await runHere(
      ...["train", "--preset", "jrtechs-wgan", "--dataset", "strokes", ...few],
      ...[...quiet, "--library", library, "--steps", "200", "--json"],
      ...["--set", `optimizers.generator=${rash}`],
      ...["--set", `optimizers.discriminator=${rash}`],
      ...["--set", "objective.clip=null"],
    );
    expect(outcome.code).toBe(3);
    expect(outcome.error).toMatch(/step \d+/);
    expect(jsonLines(outcome).at(-1)).toMatchObject({ type: "diverged" });
  });
});

describe.skipIf(notBuilt !== null)(`A signal (${notBuilt ?? "built"})`, () => {
  it.each([
    ["Ctrl-C", "SIGINT"],
    ["a terminal that is gone", "SIGHUP"],
    // Slurm tells the program and the shell above it, which passes it on.
    ["a cluster", "SIGTERM"],
  ] as const)(
    "of %s, even told twice, ends the run properly and keeps it",
    async (_, name) => {
      let sent = false;
      const args = ["train", ...small, "--library", library, "--json"];
      const outcome = await runApart(
        [...args, "--steps", "1000000"],
        home(),
        (text, signal) => {
          if (sent || !text.includes('"progress"')) return;
          sent = true;
          signal(name);
          setTimeout(() => signal(name), 30);
        },
      );
      expect(outcome.code).toBe(75);
      const last = jsonLines(outcome).at(-1);
      expect(outcome.error).toContain(
        `\`gan-workbench resume ${String(last?.run)}\` continues it.`,
      );
      expect(last).toMatchObject({ type: "stopped" });
      const shown = await runHere(
        ...["show", String(last?.run), "--library", library, "--json"],
      );
      expect(jsonLines(shown)[0]).toMatchObject({
        record: { state: "stopped" },
        checkpoints: [last?.steps],
      });
    },
  );
});

describe("engines", () => {
  it("says of each engine whether it is available, and why", async () => {
    const [engines] = jsonLines(
      await runHere("engines", "--json", "--library", library),
    );
    expect(Array.isArray(engines) && engines).toContainEqual(
      expect.objectContaining({ id: "onnx", available: true }),
    );
  });
});

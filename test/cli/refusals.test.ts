/** What cannot begin: exit code 2, one sentence on standard error, and nothing left behind. */
import { readdir, symlink, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runHere, temporaryHome } from "./command-line";

const home = temporaryHome();
let library: string;
const strokes = ["--preset", "jaketae-mlp", "--dataset", "strokes"];

beforeAll(() => {
  library = join(home(), "library");
});

/** The one sentence that a command refuses with. */
async function refusal(...args: string[]): Promise<string> {
  const outcome = await runHere(...args);
  expect(outcome).toMatchObject({ code: 2, out: "" });
  expect(outcome.error).toMatch(/^[^\n]+[.?]\n$/);
  return outcome.error.trimEnd();
}

/** `--set` and what it is told. */
const sets: [set: string, words: string][] = [
  ["colour=red", "There is no setting colour; the short names are"],
  ["batchsize=8", "There is no setting batchsize; did you mean batchSize?"],
  ["schedule.bachSize=8", "did you mean schedule.batchSize?"],
  ["constructor=8", "There is no setting constructor"],
  ["__proto__.x=8", "There is no setting __proto__.x"],
  ["batchSize", "--set needs key=value, not batchSize."],
  ["batchSize=0", "--set: schedule.batchSize must be at least 1."],
  ["batchSize=1.5", "schedule.batchSize must be a whole number."],
  ["batchSize=NaN", "schedule.batchSize must be a finite number."],
  ["batchSize=1e400", "schedule.batchSize must be a finite number."],
  ["learningRate=-1", "learningRate must be above 0."],
  ["loss=hing", "objective.loss must be non-saturating, minimax, "],
  ["data.channels=2", "data.channels must be 1 or 3."],
  ["data.classes=[99]", "Strokes has no class 99"],
  ["engine.spinning=x", "engine.spinning must be auto or true or false."],
  ["optimizers.generator.type=x", "must be adam, sgd or rmsprop."],
  ["generator.layers=[]", "generator.layers must have at least 1 entries."],
  ["generator.layers.0.units=99999999", "at most 268 million can be trained"],
];

describe("train", () => {
  it.each<[string, string[], string]>([
    [
      "an unknown preset",
      ["--preset", "stylegan"],
      "There is no preset stylegan; there are wiseodd-mlp",
    ],
    ["a preset misspelt", ["--preset", "jaketae-mpl"], "mean jaketae-mlp?"],
    ["no preset", [], "--preset <id> is missing"],
    [
      "an option misspelt",
      [...strokes, "--stesp", "1"],
      "Unknown option '--stesp'; did you mean --steps?",
    ],
    [
      "no steps",
      [...strokes, "--steps", "0"],
      "--steps must be a whole number above zero, not 0;",
    ],
    [
      "steps that are no number",
      [...strokes, "--steps", "many"],
      "--steps must be a whole number above zero, not many;",
    ],
    ["an empty value", [...strokes, "--seed", ""], "--seed must not be empty;"],
    ["a negative seed", [...strokes, "--seed", "-1"], "from 0 to 4294967295"],
    [
      "steps and epochs together",
      [...strokes, "--steps", "1", "--epochs", "1"],
      "cannot be used with",
    ],
    [
      "an unknown engine",
      [...strokes, "--engine", "abacus"],
      "--engine must be one of auto, onnx, webgpu, tfjs, not abacus;",
    ],
    [
      "a name that no record can hold",
      [...strokes, "--name", "x".repeat(201)],
      "--name must be one line of at most 200 characters",
    ],
    [
      "a name of two lines",
      [...strokes, "--name", "a\nb"],
      "--name must be one line",
    ],
    [
      "a data set misspelt",
      ["--preset", "jaketae-mlp", "--dataset", "mnits"],
      "There is no data set mnits; did you mean mnist?",
    ],
    [
      "a missing folder of images",
      ["--preset", "jaketae-mlp", "--dataset", "/nowhere/at/all"],
      "/nowhere/at/all",
    ],
    [
      "more strokes than fit into memory",
      [...strokes, "--set", "data.size=256", "--set", "data.channels=3"],
      "Strokes needs 11.0 GiB of memory",
    ],
    ...sets.map(([set, words]): [string, string[], string] => [
      `--set ${set}`,
      [...strokes, "--set", set],
      words,
    ]),
  ])("refuses %s", async (_, args, words) => {
    expect(await refusal("train", "--library", library, ...args)).toContain(
      words,
    );
    const runs = join(library, "runs");
    expect(existsSync(runs) ? await readdir(runs) : []).toEqual([]);
  });
});

it("fewer images than a batch start nothing", async () => {
  const shape =
    "{'descr': '|u1', 'fortran_order': False, 'shape': (5, 28, 28), }";
  const header = `\x93NUMPY\x01\x00\x76\x00${shape.padEnd(117)}\n`;
  const five = Buffer.alloc(128 + 5 * 28 * 28);
  five.write(header, "latin1");
  // All grey levels, so that nothing else is to be said of them.
  five.forEach((_, at) => {
    if (at >= 128) five[at] = at % 256;
  });
  await writeFile(join(home(), "five.npy"), five);
  expect(
    await refusal(
      ...["train", "--preset", "jaketae-mlp", "--library", library],
      ...["--dataset", join(home(), "five.npy")],
    ),
  ).toContain("The data set has 5 images, fewer than one batch of 64");
});

describe("a library", () => {
  it("below a file is refused", async () => {
    await writeFile(join(home(), "a-file"), "");
    const below = join(home(), "a-file", "library");
    expect(await refusal("train", ...strokes, "--library", below)).toContain(
      "a file is in the way",
    );
  });

  it.skipIf(process.platform !== "linux")(
    "where no folder can ever be made is refused",
    async () => {
      const sentence = await refusal(
        ...["train", ...strokes, "--library", "/proc/no/library"],
      );
      expect(sentence).toContain(
        "/proc/no/library cannot be opened: access is not allowed",
      );
    },
  );

  it("that is not there is not made by looking for it", async () => {
    const missing = join(home(), "missing");
    const listed = await runHere("list", "--json", "--library", missing);
    expect(listed).toEqual({ code: 0, out: "[]\n", error: "" });
    expect(await refusal("show", "last", "--library", missing)).toContain(
      "There is no run last",
    );
    expect(existsSync(missing)).toBe(false);
  });

  it.skipIf(process.platform !== "linux")(
    "can be looked at where preferences cannot be kept",
    async () => {
      process.env.GAN_WORKBENCH_HOME = "/proc/self";
      const listed = await runHere("list", "--library", library);
      process.env.GAN_WORKBENCH_HOME = home();
      expect(listed).toMatchObject({ code: 0, error: "" });
    },
  );
});

describe("a run", () => {
  it.each([
    ["nothing", "There is no run nothing"],
    ["", "The run needs its id, its name, or `last`."],
  ])("called %j is refused", async (words, sentence) => {
    expect(await refusal("show", words, "--library", library)).toContain(
      sentence,
    );
  });
});

it("control characters in a foreign file name never reach the terminal", async () => {
  const name = "a\u001b[31mred";
  await symlink("/nowhere", join(home(), name));
  const sentence = await refusal(
    ...["import", join(home(), name), "--library", library],
  );
  expect(sentence).toContain("a [31mred");
});

/** The doctor's loop on real runs: a finding, the fork that it offers, whether that helped, and that the parent remembers it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeBars } from "../quality/bars";
import { jsonLines, runHere } from "./command-line";

interface Told {
  verdict: string;
  findings: {
    id: string;
    fork: {
      step: number;
      changes: Record<string, unknown>;
      expects: Record<string, unknown>;
    } | null;
    tried: { run: string; outcome: { state: string; line: string } }[];
  }[];
  trial: {
    finding: string;
    role: string;
    outcome: { state: string; line: string };
  } | null;
}

let home: string;
const at = () => ["--library", join(home, "library")];
const doctor = async (run: string) => {
  const [told] = jsonLines(await runHere("doctor", run, "--json", ...at()));
  return told as unknown as Told;
};

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "doctor-"));
  process.env.GAN_WORKBENCH_HOME = home;
  const source = await writeBars(home, 1200);
  const trained = await runHere(
    ...["train", "--preset", "jaketae-mlp", "--dataset", source, ...at()],
    ...["--set", "data.size=8", "--set", "learningRateG=2e-7"],
    ...["--set", "learningRateD=0.001", "--steps", "600", "--seed", "1"],
    ...["--set", "checkpoints.everySteps=100", "--run-id", "won", "--json"],
    ...["--set", "checkpoints.keepLast=9", "--set", "engine.threads=1"],
    ...["--set", "engine.spinning=false"],
  );
  expect(trained.error).toBe("");
}, 120_000);
afterAll(async () => {
  delete process.env.GAN_WORKBENCH_HOME;
  await rm(home, { recursive: true });
});

it("offers exactly one difference, with what it should show", async () => {
  const { verdict, findings } = await doctor("won");
  expect(verdict).toBe("d-wins");
  const [{ fork }] = findings;
  expect(Object.keys(fork?.changes ?? {})).toEqual([
    "optimizers.generator.learningRate",
  ]);
  expect(fork?.expects).toMatchObject({ metric: "score/fake", value: 0.02 });
});

it("holds the fork to it, against the parent's own next steps, and the parent remembers", async () => {
  const forked = await runHere(
    ...["fork", "won", "--finding", "d-wins", "--json", ...at()],
    ...["--name", "Faster G", "--steps", "+600"],
  );
  expect(forked.code).toBe(0);
  const [{ run }] = jsonLines(forked).filter((line) => "run" in line);
  const id = run as string;
  const { trial } = await doctor(id);
  expect(trial).toMatchObject({ finding: "d-wins", role: "change" });
  expect(trial?.outcome.state).toMatch(/^(helped|did-not-come)$/);
  expect(trial?.outcome.line).toMatch(/in the parent's own next steps it is/);
  const { findings } = await doctor("won");
  expect(findings[0].tried).toHaveLength(1);
  expect(findings[0].tried[0]).toMatchObject({
    run: id,
    name: "Faster G",
    outcome: trial?.outcome,
  });
});

it("trains an unchanged control, which the fork is then held against", async () => {
  const forked = await runHere(
    ...["fork", "won", "--finding", "d-wins", "--control", "--json", ...at()],
    ...["--steps", "+600"],
  );
  const [{ run }] = jsonLines(forked).filter((line) => "run" in line);
  expect((await doctor(run as string)).trial).toMatchObject({
    role: "control",
  });
  const { findings } = await doctor("won");
  const [{ run: tried }] = findings[0].tried;
  expect((await doctor(tried)).trial?.outcome.line).toMatch(
    /in the unchanged control it is/,
  );
});

it("refuses what the doctor does not offer", async () => {
  const other = await runHere("fork", "won", "--finding", "copies", ...at());
  expect(other).toMatchObject({ code: 2 });
  expect(other.error).toContain("does not find copies in this run; it finds");
  const alone = await runHere("fork", "won", "--control", ...at());
  expect(alone.error).toContain("--control needs --finding");
  const both = await runHere(
    ...["fork", "won", "--finding", "d-wins", "--at", "100", ...at()],
  );
  expect(both.code).toBe(2);
});

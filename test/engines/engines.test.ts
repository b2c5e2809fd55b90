/**
 * Which engine a run gets, on the real thing: processes that try engines, on a GPU in software where it can be had. What
 * depends on other speeds than this machine's is asked of a book that says so.
 */
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { Engines } from "../../src/main/engines/engines";
import type { Fork } from "../../src/main/engines/fork";
import { forkNode } from "../../src/main/engines/fork";
import { wiseoddMlp } from "../../src/shared/settings/presets/wiseodd-mlp";
import type { TrainingSettings } from "../../src/shared/settings/settings";
import { plain } from "../engine/small-networks";
import { bePatient } from "../engine/patience";
import { prepareSoftwareGpu } from "../engine/software-gpu";

bePatient();

const missing = await prepareSoftwareGpu();
let folder: string;
let forks: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "engines-"));
  forks = 0;
  process.env.GAN_WORKBENCH_SOFTWARE_GPU = "1";
});

const counted: Fork = (file) => {
  forks++;
  return forkNode(file);
};
const open = (fork: Fork = counted) => new Engines(folder, "1.0.0", fork);

/** Small, because a GPU in software takes long for everything. */
function small(id: TrainingSettings["engine"]["id"] = "auto") {
  const { settings } = wiseoddMlp;
  return {
    ...settings,
    ...plain(true),
    engine: { ...settings.engine, id },
    schedule: { ...settings.schedule, batchSize: 4 },
  };
}

describe.skipIf(missing !== null)(
  `with a GPU in software ${missing ?? ""}`,
  () => {
    it("tests each once in a process of its own, measures for auto, and keeps the choice", async () => {
      const engines = open();
      const titles: string[] = [];
      const choice = await engines.choose(small(), {
        before: null,
        onTrial: (title) => titles.push(title),
      });
      // Two self-tests and two measurements: TensorFlow is ruled out at a glance.
      expect(forks).toBe(4);
      expect(titles).toContain("Measuring WebGPU for these networks");
      expect(choice.id).toBe("onnx");
      expect(choice.why).toMatch(
        /^CPU: [\d.]+ ms a step; WebGPU, SwiftShader: [\d.]+ m?s a step\.$/,
      );

      const [cpu, webgpu, tfjs] = await engines.list();
      expect(cpu).toMatchObject({
        available: true,
        selfTest: { difference: 0 },
      });
      expect(webgpu).toMatchObject({
        available: true,
        device: "SwiftShader",
      });
      expect(webgpu.selfTest?.difference).toBeLessThan(1e-4);
      expect(tfjs).toMatchObject({ available: false });
      expect(tfjs.reason).toContain("engines --setup cuda");
      await engines.close();

      const later = open();
      expect(later.foreseen(small())).toMatchObject({ id: "onnx" });
      expect(await later.choose(small(), { before: null })).toEqual(choice);
      const before = { engine: "webgpu", choice: "It was faster." } as const;
      expect(await later.choose(small(), { before })).toMatchObject({
        id: "webgpu",
        device: "SwiftShader",
        why: "It was faster.",
      });
      expect(
        await later.choose(small("webgpu"), { before: null }),
      ).toMatchObject({ id: "webgpu", why: "Chosen by name." });
      expect(forks).toBe(4);

      // A crash in training, as the next start finds it.
      await writeFile(join(folder, "engines.json"), await faster(folder));
      expect(open().foreseen(small())).toMatchObject({ id: "webgpu" });
      await later.marks.set({
        run: "r",
        engine: "webgpu",
        device: "SwiftShader",
      });
      await leaveBehind(folder, "r");
      const next = open();
      expect(await next.takeCrashes()).toMatchObject([
        { run: "r", engine: "webgpu", machineWentDown: false },
      ]);
      const after = next.foreseen(small());
      expect(after?.id).toBe("onnx");
      expect(after?.why).toContain("WebGPU is left out, because");
      expect((await next.choose(small(), { before })).id).toBe("onnx");
      expect(await next.takeCrashes()).toEqual([]);
    });

    it("refuses an adapter in software that was not asked for", async () => {
      process.env.GAN_WORKBENCH_SOFTWARE_GPU = "0";
      const named = open().choose(small("webgpu"), { before: null });
      await expect(named).rejects.toThrow(
        "WebGPU cannot train here: The only WebGPU adapter here, SwiftShader, computes on the processor",
      );
    });
  },
);

it("takes an engine whose process dies for one that does not work, and says how it died", async () => {
  process.env.VK_ICD_FILENAMES ??= "/none";
  const dying: Fork = (file) => {
    const child = forkNode(file);
    return { ...child, send: () => child.kill() };
  };
  const engines = open(dying);
  const [, webgpu] = await engines.list();
  expect(webgpu).toMatchObject({ available: false });
  expect(webgpu.reason).toContain("its process ended (SIGKILL)");
});

/** The book with the times of WebGPU and the processor exchanged. */
async function faster(folder: string): Promise<string> {
  const text = await readFile(join(folder, "engines.json"), "utf8");
  const book = JSON.parse(text) as {
    speeds: Record<string, { onnx: number; webgpu: number }>;
  };
  for (const own of Object.values(book.speeds))
    [own.onnx, own.webgpu] = [own.webgpu, own.onnx];
  return JSON.stringify(book);
}

/** A lock whose process is gone. */
async function leaveBehind(folder: string, run: string): Promise<void> {
  const path = join(folder, "training", `${run}.json.lock`);
  const owner = JSON.parse(await readFile(path, "utf8")) as object;
  const gone = { ...owner, pid: 2 ** 22 - 3, token: crypto.randomUUID() };
  await writeFile(path, JSON.stringify(gone));
}

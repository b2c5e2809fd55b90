/**
 * Times the native TensorFlow engine, the ONNX engine and PyTorch in turns on every tutorial's preset, and prints milliseconds a
 * step (median, best), how many times as fast as PyTorch TensorFlow is, and how long its first call takes, compiling
 * included: `GAN_WORKBENCH_TFJS_NATIVE=... tsx tools/tfjs-native/compare.ts [PRESET]... [--memory]`. `--memory` takes
 * 100,000 steps of a small MLP at the end and prints the resident memory on the way.
 */
import { createBareEngine } from "../../bench/bare-engine";
import { openTorch } from "../../bench/torch";
import { bestOf, takeTurns } from "../../bench/turns";
import type { Timing } from "../../bench/turns";
import { presets, tutorials } from "../../src/shared/settings/presets";
import { wiseoddMlp } from "../../src/shared/settings/presets/wiseodd-mlp";
import type { TrainingSettings } from "../../src/shared/settings/settings";
import { plain } from "../../test/engine/small-networks";

const blocks = 5;
const blockMs = 300;
const longRun = 100_000;

const words = process.argv.slice(2);
const wanted = words.filter((word) => !word.startsWith("--"));
console.log(
  "preset | tfjs native | onnx | best PyTorch | PyTorch / tfjs | onnx / tfjs | first call",
);
const chosen =
  wanted.length === 0
    ? tutorials
    : presets.filter(({ id }) => wanted.includes(id));
for (const { id, settings } of chosen) await compare(id, settings);
if (words.includes("--memory")) await watchMemory();

async function compare(id: string, settings: TrainingSettings): Promise<void> {
  const begin = performance.now();
  const tfjs = await createBareEngine(withEngine(settings, "tfjs"));
  await tfjs.block(1);
  const first = (performance.now() - begin) / 1000;
  const onnx = await createBareEngine(withEngine(settings, "onnx"));
  const torch = await openTorch(settings, { compile: false, cuda: false });
  const peers = typeof torch === "string" ? [] : torch.runners;
  const [own, other, ...peerTimes] = await takeTurns(
    [tfjs, onnx, ...peers],
    blocks,
    blockMs,
  );
  const fastest = peerTimes.length > 0 ? bestOf(peerTimes) : null;
  console.log(
    [
      id,
      format(own),
      format(other),
      fastest ? format(fastest) : torch,
      fastest ? ratio(fastest, own) : "-",
      ratio(other, own),
      `${first.toFixed(1)} s`,
    ].join(" | "),
  );
  await tfjs.close();
  await onnx.close();
  if (typeof torch !== "string") torch.close();
}

async function watchMemory(): Promise<void> {
  const small = { ...wiseoddMlp.settings, ...plain(true) };
  const schedule = { ...small.schedule, batchSize: 8 };
  const tfjs = await createBareEngine(
    withEngine({ ...small, schedule }, "tfjs"),
  );
  for (let part = 1; part <= 5; part++) {
    await tfjs.block(longRun / 5);
    const { rss } = process.memoryUsage();
    console.log(
      `${(part * longRun) / 5} steps of a small MLP: ${(rss / 2 ** 20).toFixed(1)} MiB resident`,
    );
  }
  await tfjs.close();
}

function withEngine(
  settings: TrainingSettings,
  id: "tfjs" | "onnx",
): TrainingSettings {
  return { ...settings, engine: { ...settings.engine, id } };
}

function format({ median, best }: Timing): string {
  return `${median.toFixed(2)} ${best.toFixed(2)}`;
}

function ratio(a: Timing, b: Timing): string {
  return `${(a.median / b.median).toFixed(2)} ${(a.best / b.best).toFixed(2)}`;
}

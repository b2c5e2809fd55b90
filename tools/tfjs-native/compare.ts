/**
 * Times the native TensorFlow engine, the ONNX engine and PyTorch in turns on every preset, and prints milliseconds a
 * step (median, best) with the ratio of the best: `GAN_WORKBENCH_TFJS_NATIVE=... tsx tools/tfjs-native/compare.ts [PRESET]...`.
 */
import { createBareEngine } from "../../bench/bare-engine";
import { openTorch } from "../../bench/torch";
import { takeTurns } from "../../bench/turns";
import type { Timing } from "../../bench/turns";
import { presets } from "../../src/shared/settings/presets";
import type { TrainingSettings } from "../../src/shared/settings/settings";

const blocks = 5;
const blockMs = 300;

const wanted = process.argv.slice(2);
console.log(
  "preset | tfjs native | onnx | best PyTorch | tfjs / onnx | tfjs / PyTorch",
);
for (const { id, settings } of presets)
  if (wanted.length === 0 || wanted.includes(id)) await compare(id, settings);

async function compare(id: string, settings: TrainingSettings): Promise<void> {
  const tfjs = await createBareEngine(withEngine(settings, "tfjs"));
  const onnx = await createBareEngine(withEngine(settings, "onnx"));
  const torch = await openTorch(settings, { compile: false, cuda: false });
  const peers = typeof torch === "string" ? [] : torch.runners;
  const [own, other, ...peerTimes] = await takeTurns(
    [tfjs, onnx, ...peers],
    blocks,
    blockMs,
  );
  const fastest = peerTimes.toSorted((a, b) => a.best - b.best).at(0);
  console.log(
    [
      id,
      format(own),
      format(other),
      fastest ? format(fastest) : torch,
      ratio(own, other),
      fastest ? ratio(own, fastest) : "",
    ].join(" | "),
  );
  await tfjs.close();
  await onnx.close();
  if (typeof torch !== "string") torch.close();
}

function withEngine(
  settings: TrainingSettings,
  id: "tfjs" | "onnx",
): TrainingSettings {
  return { ...settings, engine: { ...settings.engine, id } };
}

function format({ median, best }: Timing): string {
  return `${median.toFixed(2)} (${best.toFixed(2)})`;
}

function ratio(own: Timing, other: Timing): string {
  return (own.best / other.best).toFixed(2);
}

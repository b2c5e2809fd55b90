/** Whether steps are too much for a processor: so long nothing is seen to happen, and neither Pause nor Stop can. */
import { describeLayer } from "./network";
import type { Network } from "./network";
import type { NetworkRole, TrainingSettings } from "./settings";
import { layerProducts, passes } from "./work";

/** In seconds. */
const longestStep = 10;
/** Multiplications a second of one core: with kernels of which much lies in the padding, and others (docs/performance.md). */
const rates = { large: 1e10, usual: 3e10 };
const largeKernel = 6;

/** One sentence that names the layer; null where a step is short enough. */
export function slowStep(
  settings: Pick<TrainingSettings, NetworkRole | "schedule">,
  cores: number,
): string | null {
  const { batchSize } = settings.schedule;
  const layers = (["generator", "discriminator"] as const).flatMap((role) =>
    layerSeconds(settings[role]).map((seconds, index) => ({
      role,
      index,
      seconds: (seconds * batchSize) / cores,
    })),
  );
  const total = layers.reduce((sum, { seconds }) => sum + seconds, 0);
  if (total <= longestStep) return null;
  const { role, index, seconds } = layers.reduce((a, b) =>
    b.seconds > a.seconds ? b : a,
  );
  const name = describeLayer(settings[role].layers[index], index);
  const share = Math.round((100 * seconds) / total);
  return `A step of these networks would take this computer's processor up to ${Math.round(total)} seconds, ${share} % of it for ${name} of the ${role}; make that layer or the batch of ${batchSize} smaller, or train on a GPU.`;
}

/** Of a sample, on one core. */
function layerSeconds(network: Network): number[] {
  return layerProducts(network).map((products, index) => {
    const layer = network.layers[index];
    const isLarge = "kernel" in layer && layer.kernel >= largeKernel;
    return (passes * products) / (isLarge ? rates.large : rates.usual);
  });
}

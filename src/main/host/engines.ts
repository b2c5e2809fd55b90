/** The engines as the window lists them, asked of the training thread, which is where they are loaded. */
import type { EngineListing } from "../../shared/contract/app";
import type { EngineId } from "../../shared/settings/settings";
import type { Trainer } from "../trainer/spawn";

type Status = Awaited<ReturnType<Trainer["engines"]>>[number];

export async function listEngines(
  trainer: Pick<Trainer, "engines">,
): Promise<EngineListing[]> {
  const statuses = await trainer.engines();
  const chosen = automaticChoice(statuses);
  return statuses.map((status) => ({
    id: status.id,
    available: status.available,
    device: status.available ? status.device : null,
    reason: status.available ? null : status.reason,
    automatic: status.id === chosen?.id,
    choice: explain(status, chosen?.id),
  }));
}

/** As the engines choose: TensorFlow only where a GPU does the work. */
function automaticChoice(statuses: readonly Status[]): Status | undefined {
  const available = statuses.filter((status) => status.available);
  return available.find(isOnGpu) ?? available.find(({ id }) => id === "onnx");
}

function explain(status: Status, chosen: EngineId | undefined): string {
  if (!status.available) return "It is not available here.";
  if (status.id === chosen)
    return isOnGpu(status)
      ? "Chosen automatically: it trains on the GPU."
      : "Chosen automatically: it is the fastest on the CPU.";
  return status.id === "tfjs" && !isOnGpu(status)
    ? "It has no GPU here, and onnx needs no start of several seconds; choose it by name to compare."
    : "The other engine is faster here; choose it by name to compare.";
}

function isOnGpu(status: Status): boolean {
  return status.available && !status.device.startsWith("CPU");
}

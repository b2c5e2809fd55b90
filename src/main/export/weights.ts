/** Both networks of a run at a checkpoint, without what only training needs. */
import type {
  NetworkRole,
  TrainingSettings,
} from "../../shared/settings/settings";
import { nearestStep } from "../../shared/curves/timeline";
import type { Tensor, WeightChoice } from "../engine/engine";
import { deployedState } from "../graph/deployed";
import type { SafeTensor } from "../runs/checkpoints/safetensors";
import { encodeSafetensors } from "../runs/checkpoints/safetensors";
import type { ExportJob } from "./job";
import { ExportError, readRun } from "./job";

export interface TrainedNetworks {
  name: string;
  settings: TrainingSettings;
  step: number;
  /** By PyTorch's state-dict name, running statistics included. */
  weights: Record<NetworkRole, Map<string, Tensor>>;
}

/** The nearest checkpoint to a step. Rejects where the run has none, or has no networks. */
export async function readNetworks(
  job: ExportJob,
  id: string,
  step: number | "last",
  choice: WeightChoice,
): Promise<TrainedNetworks> {
  const { record, checkpoints } = await readRun(job.source, id);
  if (!record.settings)
    throw new ExportError(
      `The run ${record.name} was imported and has no networks to export.`,
    );
  const saved =
    step === "last"
      ? (checkpoints.at(-1) ?? null)
      : nearestStep(checkpoints, step);
  if (saved === null)
    throw new ExportError(
      `The run ${record.name} has no checkpoint yet; save one, or let it finish.`,
    );
  const checkpoint = await job.source.readCheckpoint(id, saved);
  const state = deployedState(record.settings, checkpoint.state, choice);
  const part = (role: NetworkRole) =>
    new Map(
      [...state].flatMap(([name, tensor]) =>
        name.startsWith(`${role}.`)
          ? [[name.slice(role.length + 1), tensor] as const]
          : [],
      ),
    );
  return {
    name: record.name,
    settings: record.settings,
    step: saved,
    weights: {
      generator: part("generator"),
      discriminator: part("discriminator"),
    },
  };
}

/** The tensor that the network says it has. */
export function tensorOf(
  weights: ReadonlyMap<string, Tensor>,
  name: string,
): Tensor {
  const tensor = weights.get(name);
  if (!tensor)
    throw new ExportError(
      `The checkpoint lacks the tensor ${name}; use another checkpoint.`,
    );
  return tensor;
}

/** `generator.model.0.weight`, ...: what PyTorch's `safetensors.torch.load_file` reads. */
export function encodeWeights({
  name,
  settings,
  step,
  weights,
}: TrainedNetworks): Uint8Array {
  const tensors = new Map<string, SafeTensor>();
  for (const role of ["generator", "discriminator"] as const)
    for (const [key, { shape, data }] of weights[role])
      tensors.set(`${role}.${key}`, { type: "F32", shape, data });
  return encodeSafetensors({
    tensors,
    metadata: {
      format: "pt",
      run: name,
      step: String(step),
      preset: settings.preset,
    },
  });
}

/** The numbers of an optimiser beside its learning rate, and PyTorch's defaults for a newly chosen one. */
import type { OptimizerSettings } from "../../../shared/settings/settings";

export function optimizerNumbers(
  optimizer: OptimizerSettings,
): { key: string; value: number }[] {
  return Object.entries(optimizer).flatMap(([key, value]) =>
    key === "learningRate" || typeof value !== "number" ? [] : { key, value },
  );
}

export function optimizerOfType(
  type: OptimizerSettings["type"],
  { learningRate }: OptimizerSettings,
): OptimizerSettings {
  switch (type) {
    case "adam":
      return { type, learningRate, beta1: 0.9, beta2: 0.999, eps: 1e-8 };
    case "rmsprop":
      return { type, learningRate, alpha: 0.99, eps: 1e-8 };
    case "sgd":
      return { type, learningRate, momentum: 0 };
    default:
      return type satisfies never;
  }
}

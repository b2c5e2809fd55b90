/** The numbers of an optimiser beside its learning rate, and PyTorch's defaults for a newly chosen one. */
import type { OptimizerSettings } from "../../../shared/settings/settings";

export interface OptimizerNumber {
  key: string;
  label: string;
  value: number;
}

export function optimizerNumbers(
  optimizer: OptimizerSettings,
): OptimizerNumber[] {
  switch (optimizer.type) {
    case "adam":
      return [
        { key: "beta1", label: "beta 1", value: optimizer.beta1 },
        { key: "beta2", label: "beta 2", value: optimizer.beta2 },
        { key: "eps", label: "epsilon", value: optimizer.eps },
      ];
    case "rmsprop":
      return [
        { key: "alpha", label: "alpha", value: optimizer.alpha },
        { key: "eps", label: "epsilon", value: optimizer.eps },
      ];
    case "sgd":
      return [
        { key: "momentum", label: "momentum", value: optimizer.momentum },
      ];
    default:
      return optimizer satisfies never;
  }
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

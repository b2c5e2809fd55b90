/**
 * TensorFlow's own gradient kernels for activations, which TensorFlow.js composes of several operations instead: on
 * small networks they take a sixth to a third off a step. They apply to the native backend only.
 */
import type { Tensor, TensorFlow } from "./load";

/** What is used of the native backend, which has no types that an application could import without installing it. */
interface NativeBackend {
  executeSingleOutput(
    name: string,
    attributes: { name: string; type: number; value: unknown }[],
    inputs: Tensor[],
  ): Tensor;
  binding: Record<"TF_ATTR_TYPE" | "TF_ATTR_FLOAT" | "TF_FLOAT", number>;
}

type GradientRule = {
  kernel: string;
  gradient: string;
  /** Whether the gradient needs the kernel's input or its output. */
  saves: "input" | "output";
  /** The order of the gradient kernel's inputs. */
  order: "gradient first" | "saved first";
};

const rules: readonly GradientRule[] = [
  {
    kernel: "Relu",
    gradient: "ReluGrad",
    saves: "input",
    order: "gradient first",
  },
  {
    kernel: "LeakyRelu",
    gradient: "LeakyReluGrad",
    saves: "input",
    order: "gradient first",
  },
  {
    kernel: "Softplus",
    gradient: "SoftplusGrad",
    saves: "input",
    order: "gradient first",
  },
  {
    kernel: "Tanh",
    gradient: "TanhGrad",
    saves: "output",
    order: "saved first",
  },
  {
    kernel: "Sigmoid",
    gradient: "SigmoidGrad",
    saves: "output",
    order: "saved first",
  },
];

/** Registers the rules; other backends keep the gradients that TensorFlow.js came with. */
export function registerNativeGradients(tf: TensorFlow): void {
  for (const rule of rules) registerRule(tf, rule);
}

function registerRule(tf: TensorFlow, rule: GradientRule): void {
  const composed = tf.getGradient(rule.kernel);
  tf.registerGradient({
    kernelName: rule.kernel,
    inputsToSave: rule.saves === "input" ? ["x"] : [],
    outputsToSave: rule.saves === "output" ? [true] : [],
    gradFunc: (dy, saved, attributes) => {
      const backend: unknown = tf.backend();
      if (!isNative(backend)) return composed.gradFunc(dy, saved, attributes);
      const gradient = Array.isArray(dy) ? dy[0] : dy;
      const inputs = [gradient, saved[0]];
      if (rule.order === "saved first") inputs.reverse();
      return {
        x: () =>
          backend.executeSingleOutput(
            rule.gradient,
            attributesOf(backend, attributes),
            inputs,
          ),
      };
    },
  });
}

function attributesOf(
  { binding }: NativeBackend,
  attributes: Record<string, unknown> = {},
): { name: string; type: number; value: unknown }[] {
  const type = {
    name: "T",
    type: binding.TF_ATTR_TYPE,
    value: binding.TF_FLOAT,
  };
  if (!("alpha" in attributes)) return [type];
  const alpha = {
    name: "alpha",
    type: binding.TF_ATTR_FLOAT,
    value: attributes.alpha,
  };
  return [type, alpha];
}

function isNative(backend: unknown): backend is NativeBackend {
  return (
    typeof backend === "object" &&
    backend !== null &&
    "executeSingleOutput" in backend
  );
}

/** The initialisers that the network editor offers, by the kind of layer, in the words of PyTorch's users. */
import type { LayerType } from "../../../shared/layers";
import type {
  Network,
  NormInitializer,
  WeightInitializer,
} from "../../../shared/settings/network";

export type Initializers = Network["initializers"];
export type Initializer = WeightInitializer | NormInitializer;
type InitializerType = Initializer["type"];

interface InitializerKind {
  key: keyof Initializers;
  title: string;
  /** The layers that it is for. */
  types: readonly LayerType[];
  options: readonly { value: InitializerType; label: string }[];
}

const weightOptions = [
  { value: "uniform-fan-in", label: "PyTorch's" },
  { value: "normal", label: "normal" },
  { value: "he-normal", label: "He normal" },
] as const;

export const initializerKinds: readonly InitializerKind[] = [
  {
    key: "dense",
    title: "Linear",
    types: ["dense"],
    options: weightOptions,
  },
  {
    key: "conv",
    title: "Conv",
    types: ["conv", "convTranspose"],
    options: weightOptions,
  },
  {
    key: "batchNorm",
    title: "Batch norm",
    types: ["batchNorm"],
    options: [
      { value: "ones", label: "at one" },
      { value: "normal", label: "normal" },
    ],
  },
];

/** With the numbers of Radford et al. 2015 where it has any. */
export function initializerOfType(type: InitializerType): Initializer {
  return type === "normal" ? { type, mean: 0, std: 0.02 } : { type };
}

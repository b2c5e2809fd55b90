/** The initialisers that the network editor offers, by the kind of layer, in the words of PyTorch's users. */
import { initializerWords } from "../../../shared/settings/words";
import type { LayerType } from "../../../shared/layers";
import type {
  Network,
  NormInitializer,
  WeightInitializer,
} from "../../../shared/settings/network";

export type Initializers = Network["initializers"];
export type Initializer = WeightInitializer | NormInitializer;
type InitializerType = Initializer["type"];

const typesOf: Record<keyof Initializers, readonly LayerType[]> = {
  dense: ["dense", "projection"],
  conv: ["conv", "convTranspose"],
  batchNorm: ["batchNorm", "classNorm"],
};

/** With the layers that each is for. */
export const initializerKinds = (
  Object.keys(typesOf) as (keyof Initializers)[]
).map((key) => ({
  key,
  types: typesOf[key],
  title: initializerWords[key].title,
  options: initializerWords[key].choices,
}));

/** With the numbers of Radford et al. 2015 where it has any. */
export function initializerOfType(type: InitializerType): Initializer {
  return type === "normal" ? { type, mean: 0, std: 0.02 } : { type };
}

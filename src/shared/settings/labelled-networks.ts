/** Networks that are told of classes, made of networks that are not, and the other way: the two usual forms. */
import type { Layer } from "../layers";
import { classCount } from "./labels";
import type { Network } from "./network";
import { inferShapes, networkSchema } from "./network";
import type { TrainingSettings } from "./settings";

const labelForms = ["none", "concat", "projection"] as const;
export type LabelForm = (typeof labelForms)[number];

/** Null of networks that were told of classes in a way of their own. */
export function labelFormOf(settings: TrainingSettings): LabelForm | null {
  const classes = classCount(settings);
  const plain = withLabels(settings, "none", 0);
  const same = (form: LabelForm) =>
    JSON.stringify(networksOf(withLabels(plain, form, classes ?? 0))) ===
    JSON.stringify(networksOf(settings));
  return labelForms.find(same) ?? null;
}

/**
 * `concat`: the class as numbers, or channels, before both networks (Mirza and Osindero 2014). `projection`: D ends in a
 * projection, and G's batch normalization is by class, or its noise has the class behind it (Miyato and Koyama 2018).
 */
export function withLabels(
  settings: TrainingSettings,
  form: LabelForm,
  classes: number,
): TrainingSettings {
  const generator = withoutLabels(settings.generator);
  const discriminator = withoutLabels(settings.discriminator);
  switch (form) {
    case "none":
      return { ...settings, generator, discriminator };
    case "concat":
      return {
        ...settings,
        generator: toldBefore(generator, classes),
        discriminator: toldBefore(discriminator, classes),
      };
    case "projection":
      return {
        ...settings,
        generator: normalizedByClass(generator, classes),
        discriminator: projected(discriminator, classes),
      };
    default:
      return form satisfies never;
  }
}

/** As the schema orders their keys. */
function networksOf({ generator, discriminator }: TrainingSettings) {
  return [generator, discriminator].map(
    (network) => networkSchema.safeParse(network).data,
  );
}

function toldBefore(network: Network, classes: number): Network {
  const first: Layer = { type: "labelConcat", classes };
  return { ...network, layers: [first, ...network.layers] };
}

function normalizedByClass(network: Network, classes: number): Network {
  if (network.layers.every(({ type }) => type !== "batchNorm"))
    return toldBefore(network, classes);
  const layers = network.layers.map((layer): Layer =>
    layer.type === "batchNorm"
      ? { ...layer, type: "classNorm", classes }
      : layer,
  );
  return { ...network, layers };
}

/** In the place of the layer that gives the one number. */
function projected(network: Network, classes: number): Network {
  const index = network.layers.findLastIndex(
    ({ type }) => type === "dense" || type === "conv",
  );
  const last = network.layers[index];
  if (!last || !("name" in last)) return network;
  const { name } = last;
  const layers = network.layers.with(index, {
    type: "projection",
    name,
    classes,
  });
  return { ...network, layers };
}

function withoutLabels(network: Network): Network {
  if (network.layers.every((layer) => !("classes" in layer))) return network;
  const shapes = shapesOf(network);
  const layers = network.layers.flatMap((layer, index): Layer[] => {
    switch (layer.type) {
      case "labelConcat":
      case "labelEmbedding":
        return [];
      case "classNorm": {
        const { name, eps, momentum } = layer;
        return [{ type: "batchNorm", name, eps, momentum }];
      }
      case "projection":
        return withoutProjection(layer.name, shapes?.[index] ?? [1]);
      default:
        return [layer];
    }
  });
  return { ...network, layers };
}

/** One number of the features: by a convolution as large as the image, where there is one. */
function withoutProjection(name: string, input: readonly number[]): Layer[] {
  if (input.length === 1)
    return [{ type: "dense", name, units: 1, bias: true }];
  const kernel = input[1];
  return [
    {
      type: "conv",
      name,
      filters: 1,
      kernel,
      stride: 1,
      padding: 0,
      bias: true,
    },
  ];
}

/** Null of networks that do not fit together. */
function shapesOf(network: Network) {
  try {
    return inferShapes(network);
  } catch {
    return null;
  }
}

/** How Keras layers hang together: in a row, or as a graph where some of them read labels. */
import type { Shape } from "../../shared/layers";
import type { Tensor } from "../engine/engine";

export interface KerasLayer {
  type: string;
  config: Record<string, unknown>;
  weights?: { suffix: string; tensor: Tensor }[];
  /** What others of the same network layer call it. */
  id?: string;
  /** Ids of what it reads, `x` (what came into the network layer) or `labels`; the layer before it where left out. */
  from?: readonly string[];
}

interface Stored {
  name: string;
  tensor: Tensor;
}

interface Topology {
  topology: Record<string, unknown>;
  stored: Stored[];
}

export function sequential(
  name: string,
  layers: readonly KerasLayer[],
  input: Shape,
): Topology {
  const named = layers.map((layer, index) => ({
    ...layer,
    name: `${name}_${index}`,
  }));
  return {
    topology: {
      class_name: "Sequential",
      config: {
        name,
        layers: named.map((layer, index) => ({
          class_name: layer.type,
          config: {
            name: layer.name,
            trainable: true,
            ...(index === 0 && {
              batch_input_shape: [null, ...input],
              dtype: "float32",
            }),
            ...layer.config,
          },
        })),
      },
    },
    stored: named.flatMap(storedOf),
  };
}

/** `layers[i]` is what network layer i became; the last of each goes on to the next. */
export function functional(
  name: string,
  layers: readonly (readonly KerasLayer[])[],
  { input, classes }: { input: Shape; classes: number },
): Topology {
  const inputs = [
    inputLayer(`${name}_input`, input),
    inputLayer("labels", [classes]),
  ];
  const described: unknown[] = [...inputs];
  const stored: Stored[] = [];
  let last = `${name}_input`;
  layers.forEach((group, index) => {
    const known = new Map([
      ["x", last],
      ["labels", "labels"],
    ]);
    group.forEach((layer, place) => {
      const own = `${name}_${index}_${place}`;
      const read = layer.from?.map((id) => known.get(id)) ?? [last];
      described.push({
        class_name: layer.type,
        name: own,
        config: { name: own, trainable: true, ...layer.config },
        inbound_nodes: [read.map((from) => [from, 0, 0, {}])],
      });
      stored.push(...storedOf({ ...layer, name: own }));
      if (layer.id) known.set(layer.id, own);
      last = own;
    });
  });
  return {
    topology: {
      class_name: "Model",
      config: {
        name,
        layers: described,
        input_layers: inputs.map((one) => [one.name, 0, 0]),
        output_layers: [[last, 0, 0]],
      },
    },
    stored,
  };
}

function inputLayer(name: string, shape: Shape) {
  return {
    class_name: "InputLayer",
    name,
    config: {
      name,
      batch_input_shape: [null, ...shape],
      dtype: "float32",
      sparse: false,
    },
    inbound_nodes: [],
  };
}

function storedOf({
  name,
  weights = [],
}: Pick<KerasLayer, "weights"> & { name: string }): Stored[] {
  return weights.map(({ suffix, tensor }) => ({
    name: `${name}/${suffix}`,
    tensor,
  }));
}

/**
 * A network as a PyTorch class whose state dict has the names of the tutorial: `nn.Sequential` where layers are
 * counted (`model.0`), attributes where they are named (`fc1`), and a plain list of layers for names of any other kind.
 */
import type { Layer, Shape } from "../../shared/layers";
import type { Network } from "../../shared/settings/network";
import { classesRead } from "../../shared/settings/labels";
import { inferShapes } from "../../shared/settings/network";

type Part =
  | { kind: "sequential"; prefix: string; modules: string[] }
  | { kind: "module"; name: string; module: string }
  | { kind: "call"; expression: string };

/** Lines of Python. `x` is the batch throughout, `labels` its classes where the network reads them. */
export function pytorchClass(className: string, network: Network): string {
  if (classesRead(network) !== null) return listedClass(className, network);
  const parts = partsOf(network);
  if (!parts) return listedClass(className, network);
  const [first] = parts;
  if (parts.length === 1 && first.kind === "sequential" && first.prefix === "")
    return bareSequential(className, first.modules);
  if (parts.some((part) => part.kind === "sequential" && part.prefix === ""))
    return listedClass(className, network);
  return lines([
    `class ${className}(nn.Module):`,
    `    def __init__(self):`,
    `        super().__init__()`,
    ...parts.flatMap((part) => {
      if (part.kind === "call") return [];
      if (part.kind === "module")
        return [`        self.${part.name} = ${part.module}`];
      return [
        `        self.${part.prefix} = nn.Sequential(`,
        ...part.modules.map((module) => `            ${module},`),
        `        )`,
      ];
    }),
    ``,
    `    def forward(self, x):`,
    ...parts.map((part) => {
      if (part.kind === "call") return `        x = ${part.expression}`;
      const name = part.kind === "module" ? part.name : part.prefix;
      return `        x = self.${name}(x)`;
    }),
    `        return x`,
  ]);
}

/** The layers grouped as the tutorial groups them, or null where the names do not allow it. */
function partsOf(network: Network): Part[] | null {
  const shapes = inferShapes(network);
  const parts: Part[] = [];
  const used = new Set<string>();
  let open: Extract<Part, { kind: "sequential" }> | null = null;
  for (const [index, layer] of network.layers.entries()) {
    const module = moduleOf(layer, shapes[index]);
    if (!("name" in layer)) {
      if (
        open &&
        (!isShapeChange(layer) || goesOn(network, index, open.prefix))
      )
        open.modules.push(module);
      else {
        if (open?.prefix === "") {
          open.modules.push(module);
          continue;
        }
        open = null;
        parts.push({ kind: "call", expression: callOf(layer) });
      }
      continue;
    }
    const counted = /^(?:([A-Za-z_]\w*)\.)?(\d+)$/.exec(layer.name);
    if (!counted) {
      if (!/^[A-Za-z_]\w*$/.test(layer.name) || used.has(layer.name))
        return null;
      used.add(layer.name);
      open = null;
      parts.push({ kind: "module", name: layer.name, module });
      continue;
    }
    const prefix = counted[1] ?? "";
    const place = Number(counted[2]);
    if (!open || open.prefix !== prefix) {
      if (used.has(prefix)) return null;
      used.add(prefix);
      open = { kind: "sequential", prefix, modules: [] };
      parts.push(open);
    }
    if (place < open.modules.length || place > open.modules.length + 8)
      return null;
    while (open.modules.length < place) open.modules.push("nn.Identity()");
    open.modules.push(module);
  }
  return parts;
}

/** Whether the next layer with a name is counted under the same prefix. */
function goesOn(network: Network, index: number, prefix: string): boolean {
  const next = network.layers.slice(index + 1).find((layer) => "name" in layer);
  return (
    next !== undefined &&
    "name" in next &&
    next.name.replace(/\.?\d+$/, "") === prefix
  );
}

function bareSequential(className: string, modules: string[]): string {
  return lines([
    `class ${className}(nn.Sequential):`,
    `    def __init__(self):`,
    `        super().__init__(`,
    ...modules.map((module) => `            ${module},`),
    `        )`,
  ]);
}

/** Each module put where its name says, whatever the name. */
function listedClass(className: string, network: Network): string {
  const shapes = inferShapes(network);
  return lines([
    `class ${className}(nn.Module):`,
    `    def __init__(self):`,
    `        super().__init__()`,
    ...network.layers.flatMap((layer, index) =>
      "name" in layer
        ? [
            `        place(self, ${python(layer.name)}, ${moduleOf(layer, shapes[index])})`,
          ]
        : [],
    ),
    ``,
    `    def forward(self, x${classesRead(network) === null ? "" : ", labels"}):`,
    ...network.layers.map((layer) =>
      "name" in layer
        ? `        x = self.get_submodule(${python(layer.name)})(x${"classes" in layer ? ", labels" : ""})`
        : `        x = ${callOf(layer)}`,
    ),
    `        return x`,
  ]);
}

function moduleOf(layer: Layer, input: Shape): string {
  switch (layer.type) {
    case "dense":
      return `nn.Linear(${input[0]}, ${layer.units}${layer.bias ? "" : ", bias=False"})`;
    case "conv":
    case "convTranspose": {
      const type = layer.type === "conv" ? "Conv2d" : "ConvTranspose2d";
      return `nn.${type}(${input[0]}, ${layer.filters}, ${layer.kernel}, stride=${layer.stride}, padding=${layer.padding}${layer.bias ? "" : ", bias=False"})`;
    }
    case "batchNorm":
      return `nn.BatchNorm${input.length === 1 ? 1 : 2}d(${input[0]}, eps=${layer.eps}, momentum=${layer.momentum})`;
    case "leakyRelu":
      return `nn.LeakyReLU(${layer.slope})`;
    case "relu":
      return "nn.ReLU()";
    case "tanh":
      return "nn.Tanh()";
    case "sigmoid":
      return "nn.Sigmoid()";
    case "upsample":
      return `nn.Upsample(scale_factor=${layer.factor}, mode="nearest")`;
    case "dropout":
      return `nn.Dropout(${layer.rate})`;
    case "channelDropout":
      return `nn.Dropout2d(${layer.rate})`;
    case "reshape":
      return `nn.Unflatten(1, (${layer.shape.join(", ")}))`;
    case "flatten":
      return "nn.Flatten()";
    case "labelConcat":
      return "LabelConcat()";
    case "labelEmbedding":
      return `LabelEmbedding(${layer.classes}, ${layer.size})`;
    case "classNorm":
      return `ClassNorm(${layer.classes}, ${input[0]}, eps=${layer.eps}, momentum=${layer.momentum})`;
    case "projection":
      return `Projection(${layer.classes}, ${input[0]})`;
  }
}

/** The same without a module, for layers that own nothing. Dropout is told whether the network trains. */
function callOf(layer: Layer): string {
  switch (layer.type) {
    case "leakyRelu":
      return `F.leaky_relu(x, ${layer.slope})`;
    case "relu":
      return "torch.relu(x)";
    case "tanh":
      return "torch.tanh(x)";
    case "sigmoid":
      return "torch.sigmoid(x)";
    case "upsample":
      return `F.interpolate(x, scale_factor=${layer.factor}, mode="nearest")`;
    case "reshape":
      return `x.reshape(-1, ${layer.shape.join(", ")})`;
    case "flatten":
      return "x.flatten(1)";
    case "dropout":
      return `F.dropout(x, ${layer.rate}, self.dropping)`;
    case "channelDropout":
      return `F.dropout2d(x, ${layer.rate}, self.dropping)`;
    case "labelConcat":
      return "LabelConcat()(x, labels)";
    case "labelEmbedding":
    case "classNorm":
    case "projection":
      return `self.get_submodule(${python(layer.name)})(x, labels)`;
    case "dense":
    case "conv":
    case "convTranspose":
    case "batchNorm":
      return `self.get_submodule(${python(layer.name)})(x)`;
  }
}

function isShapeChange(layer: Layer): boolean {
  return layer.type === "reshape" || layer.type === "flatten";
}

/** A string literal of ASCII: JSON's escapes are Python's. */
export function python(text: string): string {
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    (character) =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function lines(text: string[]): string {
  return text.join("\n");
}

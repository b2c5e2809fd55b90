/** Exported networks computed by others: onnxruntime, TensorFlow.js and PyTorch against the engine. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { io, Tensor as TfTensor } from "@tensorflow/tfjs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../src/main/engine/engine";
import { createOnnxEngine } from "../../src/main/engine/onnx";
import { layersModel } from "../../src/main/export/layers-model";
import { encodeOnnx } from "../../src/main/export/onnx";
import {
  encodeLatents,
  pytorchProgram,
} from "../../src/main/export/pytorch-program";
import { saveExport } from "../../src/main/export/save";
import type { TrainedNetworks } from "../../src/main/export/weights";
import { encodeWeights } from "../../src/main/export/weights";
import { makeGrid } from "../../src/main/runs/recording/grid";
import { decodeSafetensors } from "../../src/main/runs/checkpoints/safetensors";
import { exportRequestSchema } from "../../src/shared/contract/exports";
import { noiseBank } from "../../src/shared/noise-bank";
import { volume } from "../../src/shared/layers";
import {
  classCount,
  gridClasses,
  oneHot,
} from "../../src/shared/settings/labels";
import { outputOf } from "../../src/shared/settings/network";
import type { Shape } from "../../src/shared/layers";
import type { EngineCase } from "../engine/cases";
import {
  engineCases as allCases,
  forwardInputsOf,
  stateOf,
} from "../engine/cases";
import { deployedState } from "../../src/main/graph/deployed";
import { noImprovements } from "../../src/shared/settings/improvements";
import { forwardCount } from "../engine/cases";
import { open } from "../engine/sessions";
import { findPython } from "../python";
import type { Library } from "./library";
import { makeLibrary, smallSettings, tileSize } from "./library";
import { readFrames, runPython } from "./peer";

const python = findPython(["torch", "safetensors", "PIL"]);

/** Most improvements change how a network is trained, not what it is. */
const engineCases = allCases.filter(
  ({ name, model: { improvements } }) =>
    ["average", "spectral-norm"].includes(name) ||
    name.startsWith("labels-") ||
    JSON.stringify(improvements) === JSON.stringify(noImprovements),
);
/** Which weights the exports of a case are asked for. */
const choiceOf = ({ model }: EngineCase) =>
  model.improvements.average ? "average" : "last";

let engine: Engine;
let library: Library;
beforeAll(async () => {
  engine = await createOnnxEngine();
  library = await makeLibrary();
});
afterAll(() => library.remove());

/** What the engine makes of the case's latent vectors and images, the score as the network ends. */
async function expected(engineCase: EngineCase, mode: "batch" | "evaluation") {
  const session = await open(engine, engineCase);
  const { latents, images, labels } = forwardInputsOf(engineCase);
  const weights = choiceOf(engineCase);
  const making = { weights, labels } as const;
  const made = await session.generate(latents, forwardCount, mode, making);
  const logits = await session.discriminate(images, forwardCount, mode, labels);
  await session.dispose();
  const { layers } = engineCase.model.discriminator;
  const isProbability = layers.some(
    (layer, index) =>
      layer.type === "sigmoid" &&
      layers.slice(index + 1).every((later) => later.type === "flatten"),
  );
  const scores = isProbability
    ? logits.map((logit) => 1 / (1 + Math.exp(-logit)))
    : logits;
  return { latents, images, labels, made, scores };
}

function networksOf(engineCase: EngineCase): TrainedNetworks {
  const state = deployedState(
    engineCase.model,
    stateOf(engineCase),
    choiceOf(engineCase),
  );
  const part = (role: "generator" | "discriminator") =>
    new Map(
      [...state]
        .filter(([name]) => name.startsWith(`${role}.`))
        .map(([name, tensor]) => [name.slice(role.length + 1), tensor]),
    );
  const [channels, size] = outputOf(engineCase.model.generator);
  const pictures = outputOf(engineCase.model.generator).length === 3;
  return {
    name: `a "hostile"\nname`,
    step: 3,
    settings: {
      ...smallSettings,
      ...engineCase.model,
      data: {
        ...smallSettings.data,
        channels: pictures && channels === 3 ? 3 : 1,
        size: pictures ? size : Math.sqrt(channels),
      },
    },
    weights: {
      generator: part("generator"),
      discriminator: part("discriminator"),
    },
  };
}

/** Of the grid that an exported program draws. */
function labelsOf({ settings }: TrainedNetworks): Float32Array | undefined {
  return oneHot(gridClasses(settings), classCount(settings));
}

function expectClose(
  actual: ArrayLike<number>,
  wanted: ArrayLike<number>,
  tolerance: number,
) {
  expect(actual.length).toBe(wanted.length);
  let worst = 0;
  for (let i = 0; i < wanted.length; i++)
    worst = Math.max(worst, Math.abs(actual[i] - wanted[i]));
  expect(worst).toBeLessThan(tolerance);
}

describe.each(engineCases)("$name", (engineCase) => {
  test("as ONNX gives what the engine gives, for any batch", async () => {
    const { latents, images, labels, made, scores } = await expected(
      engineCase,
      "evaluation",
    );
    const { settings, weights } = networksOf(engineCase);
    const run = async (
      role: "generator" | "discriminator",
      input: Float32Array,
      shape: Shape,
    ) => {
      const count = input.length / volume(shape);
      const classes = classCount(settings);
      const session = await InferenceSession.create(
        encodeOnnx(settings[role], weights[role], {
          graph: role,
          input: "in",
          output: "out",
        }),
      );
      const { out } = await session.run({
        in: new Tensor("float32", input, [count, ...shape]),
        ...(classes !== null && {
          labels: new Tensor(
            "float32",
            (labels ?? new Float32Array()).slice(0, count * classes),
            [count, classes],
          ),
        }),
      });
      await session.release();
      return out.data as Float32Array;
    };
    const { generator, discriminator } = settings;
    expectClose(await run("generator", latents, generator.input), made, 1e-5);
    expectClose(
      await run("discriminator", images, discriminator.input),
      scores,
      1e-5,
    );
    const first = latents.slice(0, volume(generator.input));
    expectClose(
      await run("generator", first, generator.input),
      made.slice(0, made.length / forwardCount),
      1e-5,
    );
  });
});

const light = engineCases.filter((one) => !one.heavy);

describe.each(light)("$name", (engineCase) => {
  test("as a LayersModel gives what the engine gives, channels last", async () => {
    const tf = await import("@tensorflow/tfjs");
    const { latents, images, labels, made, scores } = await expected(
      engineCase,
      "evaluation",
    );
    const { settings, weights } = networksOf(engineCase);
    const run = async (
      role: "generator" | "discriminator",
      input: Float32Array,
    ) => {
      const network = settings[role];
      const built = layersModel(role, network, weights[role], "weights.bin");
      const model = await tf.loadLayersModel(fromMemory(built));
      const channelsFirst = tf.tensor(input, [forwardCount, ...network.input]);
      const fed =
        network.input.length === 3
          ? tf.transpose(channelsFirst, [0, 2, 3, 1])
          : channelsFirst;
      const told = labels
        ? [
            fed,
            tf.tensor2d(labels, [forwardCount, labels.length / forwardCount]),
          ]
        : fed;
      const output = model.predict(told) as TfTensor;
      return (
        output.shape.length === 4 ? tf.transpose(output, [0, 3, 1, 2]) : output
      ).dataSync();
    };
    expectClose(await run("generator", latents), made, 1e-5);
    expectClose(await run("discriminator", images), scores, 1e-5);
  });
});

/** What a browser would do with `model.json` and the file beside it. */
function fromMemory(built: {
  model: unknown;
  weights: Uint8Array;
}): io.IOHandler {
  const { modelTopology, weightsManifest } = JSON.parse(
    JSON.stringify(built.model),
  ) as {
    modelTopology: object;
    weightsManifest: { weights: io.WeightsManifestEntry[] }[];
  };
  return {
    load: () =>
      Promise.resolve({
        modelTopology,
        weightSpecs: weightsManifest.flatMap((group) => group.weights),
        weightData: Uint8Array.from(built.weights).buffer,
      }),
  };
}

describe.skipIf(!python.available)(
  `with PyTorch${python.available ? "" : ` (skipped: ${python.reason})`}`,
  () => {
    const path = python.available ? python.path : "";

    test("every program makes the images that the engine makes", async () => {
      const drawable = engineCases.filter(({ model }) => {
        const [channels, , third] = outputOf(model.generator);
        return third === undefined || channels !== 2;
      });
      const folders: string[] = [];
      for (const engineCase of drawable) {
        const networks = networksOf(engineCase);
        const folder = join(library.folder, "programs", engineCase.name);
        await mkdir(folder, { recursive: true });
        const files = {
          "program.py": pytorchProgram(networks),
          "weights.safetensors": encodeWeights(networks),
          "latents.safetensors": encodeLatents(networks.settings),
        };
        for (const [name, content] of Object.entries(files))
          await writeFile(join(folder, name), content);
        folders.push(folder);
      }
      await runPython(path, "programs.py", folders);
      for (const [index, engineCase] of drawable.entries()) {
        const file = join(folders[index], "made.safetensors");
        const { tensors } = decodeSafetensors(await readFile(file), file);
        const { generator } = engineCase.model;
        const { count } = smallSettings.sampling;
        const latents = noiseBank(count, volume(generator.input));
        const session = await open(engine, engineCase);
        const made = await session.generate(latents, count, "batch", {
          weights: choiceOf(engineCase),
          labels: labelsOf(networksOf(engineCase)),
        });
        await session.dispose();
        const images = tensors.get("images");
        expect(images?.type).toBe("F32");
        expectClose(Array.from(images?.data ?? [], Number), made, 1e-5);
      }
    }, 120_000);

    test("an exported program draws the grid that the run itself saved", async () => {
      const engineCase: EngineCase = {
        ...engineCases[0],
        name: "small",
        model: smallSettings,
      };
      const run = await library.add({
        name: "drawn again",
        state: stateOf(engineCase),
      });
      const folder = join(library.folder, "drawn");
      await saveExport(
        exportRequestSchema.parse({ format: "pytorch", run }),
        folder,
        library.job(),
        { force: false },
      );
      await runPython(path, "programs.py", [folder]);
      const [drawn] = await readFrames(path, join(folder, "grid.png"));
      const session = await open(engine, engineCase);
      const { count, grid } = smallSettings.sampling;
      const pixels = await session.generate(
        noiseBank(count, 4),
        count,
        "batch",
      );
      await session.dispose();
      const own = makeGrid(
        { count, channels: 1, size: tileSize, pixels },
        grid,
        "symmetric",
      );
      expect(drawn.size).toEqual([own.width, own.height]);
      const levels = drawn.pixels?.filter((_, index) => index % 3 === 0) ?? [];
      expectClose(levels, own.bytes, 1.5);
    });
  },
);

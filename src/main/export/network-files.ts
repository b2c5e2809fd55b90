/** Trained networks as files for other programs. */
import { existsSync } from "node:fs";
import { createReadStream } from "node:fs";
import { weightsOf } from "../../shared/settings/improvements";
import type { WeightChoice } from "../engine/engine";
import type { ExportEntry, ExportJob } from "./job";
import { once } from "./job";
import { layersModel } from "./layers-model";
import { encodeOnnx } from "./onnx";
import { encodeLatents, pytorchProgram } from "./pytorch-program";
import { encodeWeights, readNetworks } from "./weights";

/** What every format of trained networks asks for. */
interface NetworkRequest {
  run: string;
  step: number | "last";
  weights: WeightChoice;
}

/** `generator.onnx` takes `latent` and gives `images`; `discriminator.onnx` takes `images` and gives `score`. */
export async function* onnxFiles(
  request: NetworkRequest,
  job: ExportJob,
): AsyncGenerator<ExportEntry> {
  const { settings, weights } = await readNetworks(
    job,
    request.run,
    request.step,
    request.weights,
  );
  const names = {
    generator: { graph: "generator", input: "latent", output: "images" },
    discriminator: { graph: "discriminator", input: "images", output: "score" },
  };
  for (const role of ["generator", "discriminator"] as const) {
    const bytes = encodeOnnx(settings[role], weights[role], names[role]);
    yield { name: `${role}.onnx`, body: once(bytes) };
    job.advance();
  }
}

/** A folder each for `tf.loadLayersModel`. */
export async function* layersFiles(
  request: NetworkRequest,
  job: ExportJob,
): AsyncGenerator<ExportEntry> {
  const { settings, weights } = await readNetworks(
    job,
    request.run,
    request.step,
    request.weights,
  );
  for (const role of ["generator", "discriminator"] as const) {
    const file = "weights.bin";
    const built = layersModel(role, settings[role], weights[role], file);
    const model = JSON.stringify(built.model, null, 1);
    yield { name: `${role}/model.json`, body: once(model) };
    yield { name: `${role}/${file}`, body: once(built.weights) };
    job.advance();
  }
}

/** The program, its weights and latent vectors, and the grid that the run itself saved at that step. */
export async function* pytorchFiles(
  request: NetworkRequest,
  job: ExportJob,
): AsyncGenerator<ExportEntry> {
  const networks = await readNetworks(
    job,
    request.run,
    request.step,
    request.weights,
  );
  const { settings } = networks;
  yield { name: "program.py", body: once(pytorchProgram(networks)) };
  yield { name: "weights.safetensors", body: once(encodeWeights(networks)) };
  yield {
    name: "latents.safetensors",
    body: once(encodeLatents(networks.settings)),
  };
  const saved = job.source.samplePath(
    request.run,
    networks.step,
    weightsOf(settings.improvements, request.weights),
  );
  if (existsSync(saved))
    yield { name: "saved-grid.png", body: createReadStream(saved) };
  job.advance();
}

export async function weightsBody(
  request: NetworkRequest,
  job: ExportJob,
): Promise<AsyncIterable<Uint8Array>> {
  const networks = await readNetworks(
    job,
    request.run,
    request.step,
    request.weights,
  );
  job.advance();
  return once(encodeWeights(networks));
}

/** What such files hold, for people: every tensor with its shape. */
export async function describeNetworks(
  request: NetworkRequest,
  job: ExportJob,
): Promise<string> {
  const { run, step: asked, weights: choice } = request;
  const { step, weights } = await readNetworks(job, run, asked, choice);
  const parts = (["generator", "discriminator"] as const).map((role) => {
    const tensors = [...weights[role]];
    const numbers = tensors.reduce((sum, [, { data }]) => sum + data.length, 0);
    const width = Math.max(...tensors.map(([name]) => name.length));
    return [
      `${role}: ${tensors.length} tensors, ${numbers.toLocaleString("en")} numbers`,
      ...tensors.map(
        ([name, { shape }]) => `  ${name.padEnd(width)}  ${shape.join(" × ")}`,
      ),
    ].join("\n");
  });
  return [
    `The weights at step ${step.toLocaleString("en")}, float32`,
    ...parts,
  ].join("\n\n");
}

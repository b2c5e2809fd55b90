/** A SavedModel in TensorFlow's hands: one session, whose variables all of its signatures share. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SavedModel } from "./graph-def";
import type { LoadedSignature, TensorFlow, TensorHandle } from "./load";
import { encodeSavedModel, servingTag } from "./protobuf";

/** An array to be fed. TensorFlow reads it during the call. */
export interface Feed {
  values: Float32Array | Int32Array;
  shape: readonly number[];
}

export class LoadedModel {
  private constructor(
    private readonly tf: TensorFlow,
    private readonly signatures: ReadonlyMap<string, LoadedSignature>,
  ) {}

  /** Through a temporary folder, which is gone afterwards: a loader takes nothing else. */
  static async load(tf: TensorFlow, model: SavedModel): Promise<LoadedModel> {
    const folder = await mkdtemp(join(tmpdir(), "gan-workbench-graph-"));
    const signatures = new Map<string, LoadedSignature>();
    try {
      const bytes = encodeSavedModel(model);
      await writeFile(join(folder, "saved_model.pb"), bytes);
      for (const name of model.signatures.keys())
        signatures.set(
          name,
          await tf.node.loadSavedModel(folder, [servingTag], name),
        );
      return new LoadedModel(tf, signatures);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Runs one signature and gives all that comes out of it, copied. */
  run(
    name: string,
    feeds: ReadonlyMap<string, Feed>,
  ): Map<string, Float32Array> {
    const signature = this.signatures.get(name);
    if (!signature) throw new Error(`The model has no signature ${name}.`);
    const held: TensorHandle[] = [];
    try {
      const inputs: Record<string, TensorHandle> = {};
      for (const [key, { values, shape }] of feeds) {
        const type = values instanceof Float32Array ? "float32" : "int32";
        inputs[key] = this.tf.tensor(values, shape, type);
        held.push(inputs[key]);
      }
      const results = signature.predict(inputs);
      held.push(...Object.values(results));
      return new Map(
        Object.entries(results).map(([key, tensor]) => [key, floatsOf(tensor)]),
      );
    } finally {
      for (const tensor of held) tensor.dispose();
    }
  }

  /** The last signature takes the session with it. */
  dispose(): void {
    for (const signature of this.signatures.values()) signature.dispose();
  }
}

/** The library copies what it gives. */
function floatsOf(tensor: TensorHandle): Float32Array {
  const values = tensor.dataSync();
  if (values instanceof Float32Array) return values;
  throw new Error("TensorFlow gave a tensor of another type.");
}

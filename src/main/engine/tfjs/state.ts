/**
 * One network's share of the state on the device: all weights in one flat vector, the optimiser's slots beside it, and
 * the running statistics. It goes in and out in PyTorch's layout without a bit changed.
 */
import type { Parameter, Shape } from "../../../shared/settings/network";
import { parametersOf, volume } from "../../../shared/settings/network";
import type { NetworkRole } from "../../../shared/settings/settings";
import type { ModelSettings, ModelState } from "../engine";
import type { OptimizerSlot } from "../../graph/parameters";
import {
  optimizerSlots,
  parameterKey,
  slotKey,
  stepKey,
} from "../../graph/parameters";
import type { BatchStatistics } from "./batch-norm";
import { reshape } from "./images";
import type { Tensor, TensorFlow } from "./load";
import { applyOptimizer } from "./optimizer";

/** `[out, in, k, k]` (transposed: `[in, out, k, k]`) to `[k, k, in, out]`, and back. */
const toFilter = [2, 3, 1, 0];
const fromFilter = [3, 2, 0, 1];

export class NetworkState {
  private readonly trainable: Parameter[];
  /** Running means and variances, one pair for each batch normalisation. */
  private readonly norms: {
    mean: Parameter;
    variance: Parameter;
    momentum: number;
  }[];
  private weights: Tensor;
  private slots = new Map<OptimizerSlot, Tensor>();
  private statistics: BatchStatistics[] = [];
  private steps = 0;

  constructor(
    private readonly tf: TensorFlow,
    private readonly model: ModelSettings,
    readonly role: NetworkRole,
    state: ModelState,
  ) {
    const parameters = parametersOf(model[role]);
    this.trainable = parameters.filter(({ trainable }) => trainable);
    this.norms = normsOf(model, role, parameters);
    this.weights = tf.keep(tf.zeros([0]));
    this.write(state);
  }

  /** Each trainable parameter in TensorFlow's layout; the tensors belong to the caller's tidy. */
  split(flat: Tensor = this.weights): Tensor[] {
    const sizes = this.trainable.map(({ shape }) => volume(shape));
    const parts = sizes.length === 1 ? [flat] : this.tf.split(flat, sizes);
    return parts.map((part, index) =>
      reshape(this.tf, part, internalShape(this.trainable[index].shape)),
    );
  }

  /** One vector out of tensors as `split` gives them. */
  join(tensors: readonly Tensor[]): Tensor {
    return this.tf.concat(
      tensors.map((tensor) => reshape(this.tf, tensor, [tensor.size])),
    );
  }

  get running(): readonly BatchStatistics[] {
    return this.statistics;
  }

  /** Moves the running statistics towards what one pass saw. */
  observe(seen: readonly BatchStatistics[]): void {
    const { tf } = this;
    this.statistics = this.statistics.map((before, index) => {
      const { momentum } = this.norms[index];
      const moved = tf.tidy(() => ({
        mean: approach(before.mean, seen[index].mean, momentum),
        variance: approach(before.variance, seen[index].variance, momentum),
      }));
      tf.dispose([before.mean, before.variance]);
      return { mean: tf.keep(moved.mean), variance: tf.keep(moved.variance) };
    });

    function approach(before: Tensor, seen: Tensor, momentum: number): Tensor {
      return tf.add(tf.mul(before, 1 - momentum), tf.mul(seen, momentum));
    }
  }

  /** Takes one step down a gradient that `join` made; `clip` clamps the weights afterwards. */
  update(gradient: Tensor, learningRate: number, clip: number | null): void {
    const { tf } = this;
    const old = [this.weights, ...this.slots.values()];
    this.steps += 1;
    tf.tidy(() => {
      const { weights, slots } = applyOptimizer(
        tf,
        this.model.optimizers[this.role],
        learningRate,
        this.steps,
        this.weights,
        gradient,
        this.slots,
      );
      this.weights = tf.keep(
        clip === null ? weights : tf.clipByValue(weights, -clip, clip),
      );
      this.slots = new Map(
        [...slots].map(([slot, tensor]) => [slot, tf.keep(tensor)]),
      );
    });
    tf.dispose(old);
  }

  write(state: ModelState): void {
    this.dispose();
    const { tf, role } = this;
    this.weights = tf.keep(
      this.flatten((name) => dataOf(state, parameterKey(role, name))),
    );
    this.slots = new Map(
      optimizerSlots(this.model.optimizers[role]).map((slot) => [
        slot,
        tf.keep(
          this.flatten((name) => dataOf(state, slotKey(role, name, slot))),
        ),
      ]),
    );
    this.statistics = this.norms.map(({ mean, variance }) => ({
      mean: tf.keep(tf.tensor1d(dataOf(state, parameterKey(role, mean.name)))),
      variance: tf.keep(
        tf.tensor1d(dataOf(state, parameterKey(role, variance.name))),
      ),
    }));
    this.steps = dataOf(state, stepKey(role))[0];
  }

  /** Weights and running statistics, in the state's order. */
  async readParameters(): Promise<ModelState> {
    const values = await this.externalize(this.weights);
    for (const [index, { mean, variance }] of this.norms.entries()) {
      values.set(mean.name, await copyOf(this.statistics[index].mean));
      values.set(variance.name, await copyOf(this.statistics[index].variance));
    }
    return new Map(
      parametersOf(this.model[this.role]).map(({ name, shape }) => [
        parameterKey(this.role, name),
        { shape, data: values.get(name) ?? new Float32Array() },
      ]),
    );
  }

  async readOptimizer(): Promise<ModelState> {
    const slots = new Map<OptimizerSlot, Map<string, Float32Array>>();
    for (const [slot, tensor] of this.slots)
      slots.set(slot, await this.externalize(tensor));
    const state: ModelState = new Map();
    for (const { name, shape } of this.trainable)
      for (const [slot, values] of slots) {
        const data = values.get(name) ?? new Float32Array();
        state.set(slotKey(this.role, name, slot), { shape, data });
      }
    const steps = Float32Array.of(this.steps);
    return state.set(stepKey(this.role), { shape: [], data: steps });
  }

  /** A vector that `join` made as arrays by parameter name, in PyTorch's layout. */
  async externalize(flat: Tensor): Promise<Map<string, Float32Array>> {
    const { tf } = this;
    const ordered = tf.tidy(() =>
      this.join(
        this.split(flat).map((part) =>
          part.rank === 4 ? tf.transpose(part, fromFilter) : part,
        ),
      ),
    );
    const all = await copyOf(ordered);
    ordered.dispose();
    let offset = 0;
    return new Map(
      this.trainable.map(({ name, shape }) => {
        const start = offset;
        offset += volume(shape);
        return [name, all.slice(start, offset)];
      }),
    );
  }

  dispose(): void {
    this.tf.dispose([this.weights, ...this.slots.values()]);
    for (const { mean, variance } of this.statistics)
      this.tf.dispose([mean, variance]);
  }

  private flatten(find: (name: string) => Float32Array): Tensor {
    const { tf } = this;
    return tf.tidy(() =>
      this.join(
        this.trainable.map(({ name, shape }) => {
          const tensor = tf.tensor(find(name), [...shape]);
          return shape.length === 4 ? tf.transpose(tensor, toFilter) : tensor;
        }),
      ),
    );
  }
}

/** TensorFlow shares memory with the arrays it is given and the arrays it gives: copy both ways. */
export async function copyOf(tensor: Tensor): Promise<Float32Array> {
  return Float32Array.from(await tensor.data());
}

function dataOf(state: ModelState, name: string): Float32Array {
  const tensor = state.get(name);
  if (!tensor) throw new Error(`The state has no tensor ${name}.`);
  return tensor.data.slice();
}

function internalShape(shape: Shape): number[] {
  return shape.length === 4 ? toFilter.map((axis) => shape[axis]) : [...shape];
}

function normsOf(
  model: ModelSettings,
  role: NetworkRole,
  parameters: readonly Parameter[],
): { mean: Parameter; variance: Parameter; momentum: number }[] {
  const means = parameters.filter(({ role }) => role === "runningMean");
  const variances = parameters.filter(({ role }) => role === "runningVariance");
  return means.map((mean, index) => {
    const layer = model[role].layers[mean.layer];
    const momentum = layer.type === "batchNorm" ? layer.momentum : 0;
    return { mean, variance: variances[index], momentum };
  });
}

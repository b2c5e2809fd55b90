/** Both networks on the device, and the gradients of either one's update. Nothing here moves a weight. */
import type { Network, Shape } from "../../../shared/settings/network";
import { outputOf } from "../../../shared/settings/network";
import type { NetworkRole } from "../../../shared/settings/settings";
import type {
  DiscriminatorPass,
  GeneratorPass,
  StepMetric,
} from "../../../shared/step";
import { criticOf, maskName } from "../../../shared/step";
import type { ModelSettings } from "../engine";
import type { BatchStatistics } from "./batch-norm";
import { reshapeSamples } from "./images";
import type { Scalar, Tensor, TensorFlow } from "./load";
import type { Pass } from "./network";
import { quietPass, runNetwork } from "./network";
import { fakeLoss, generatorLoss, meanScore, realLoss } from "./objective";
import type { Scratch } from "./scratch";
import type { NetworkState } from "./state";

/** The inputs of one step on the device, by name, in TensorFlow's layout. */
export type StepTensors = ReadonlyMap<string, Tensor>;

export type Figures = Partial<Record<StepMetric, Tensor>>;

/** What one update found. Gradients are flat, as `NetworkState.join` makes them; null where none arrives. */
export interface Update {
  figures: Figures;
  gradients: Record<NetworkRole, Tensor | null>;
  /** What each pass saw, in the order in which the running statistics move. */
  seen: { role: NetworkRole; statistics: BatchStatistics[] }[];
}

export class Pair {
  /** The discriminator up to what the losses take. */
  readonly critic: Network;
  private readonly made: Shape;
  /** Without batch normalisation every sample is judged on its own, so real and fake may share one pass. */
  private readonly independent: boolean;

  constructor(
    readonly tf: TensorFlow,
    readonly model: ModelSettings,
    readonly states: Record<NetworkRole, NetworkState>,
  ) {
    this.critic = criticOf(model);
    this.made = outputOf(model.generator);
    this.independent = this.critic.layers.every(
      ({ type }) => type !== "batchNorm" && !type.endsWith("ropout"),
    );
  }

  /** The generator in training mode, without gradients. */
  generate(
    inputs: StepTensors,
    scratch: Scratch,
  ): { images: Tensor; statistics: BatchStatistics[] } {
    const weights = this.states.generator.split();
    const statistics: BatchStatistics[] = [];
    const noise = tensorOf(inputs, "noise.fake");
    const pass = this.pass("generator", "fake", inputs, statistics, scratch);
    const { generator } = this.model;
    const images = runNetwork(this.tf, generator, weights, noise, pass);
    return { images, statistics };
  }

  /** D's update on real images and on generated ones, which are constants to it. */
  discriminatorUpdate(
    inputs: StepTensors,
    fake: Tensor,
    scratch: Scratch,
  ): Update {
    const { tf } = this;
    const { objective } = this.model;
    const state = this.states.discriminator;
    const weights = state.split();
    const statistics: BatchStatistics[][] = [[], []];
    let figures: Figures = {};
    const { grads } = tf.valueAndGrads(() => {
      const [onReal, onFake] = this.judgeBoth(
        weights,
        inputs,
        fake,
        statistics,
        scratch,
      );
      const real = realLoss(tf, objective, onReal);
      const generated = fakeLoss(tf, objective, onFake);
      const loss = tf.add(real, generated);
      figures = scratch.holdAll({
        "loss/discriminator": loss,
        "loss/discriminator_real": real,
        "loss/discriminator_fake": generated,
        "score/real": meanScore(tf, objective, onReal),
        "score/fake": meanScore(tf, objective, onFake),
      });
      return loss as Scalar;
    })(weights);
    const gradient = state.join(grads);
    figures["gradient/discriminator"] = scratch.hold(normOf(tf, gradient));
    return {
      figures,
      gradients: { generator: null, discriminator: gradient },
      seen: statistics.map((seen) => ({
        role: "discriminator",
        statistics: seen,
      })),
    };
  }

  /**
   * G's update through D. `throughDiscriminator` asks for D's gradients too. The images come from the noise and masks
   * that the objective's `secondUpdate` names.
   */
  generatorUpdate(
    inputs: StepTensors,
    throughDiscriminator: boolean,
    scratch: Scratch,
  ): Update & { images: Tensor } {
    const { tf } = this;
    const { objective, generator } = this.model;
    const { secondUpdate } = objective;
    const { states } = this;
    const own = states.generator.split();
    const judge = states.discriminator.split();
    const seenByGenerator: BatchStatistics[] = [];
    const seenByDiscriminator: BatchStatistics[] = [];
    const fresh = secondUpdate === "fresh-noise";
    const noise = tensorOf(inputs, fresh ? "noise.score" : "noise.fake");
    const pass = this.pass(
      "generator",
      secondUpdate === "same-images" ? "fake" : "score",
      inputs,
      seenByGenerator,
      scratch,
    );
    let figures: Figures = {};
    let images = noise;
    const { grads } = tf.valueAndGrads(() => {
      const made = runNetwork(tf, generator, own, noise, pass);
      images = scratch.hold(made);
      const score = this.pass(
        "discriminator",
        "score",
        inputs,
        seenByDiscriminator,
        scratch,
      );
      const out = this.judge(judge, this.adapt(made), score);
      const loss = generatorLoss(tf, objective, out);
      figures = scratch.holdAll({
        "loss/generator": loss,
        "score/fake_after": meanScore(tf, objective, out),
      });
      return loss as Scalar;
    })(throughDiscriminator ? [...own, ...judge] : own);
    const gradient = states.generator.join(grads.slice(0, own.length));
    figures["gradient/generator"] = scratch.hold(normOf(tf, gradient));
    return {
      figures,
      images,
      gradients: {
        generator: gradient,
        discriminator: throughDiscriminator
          ? states.discriminator.join(grads.slice(own.length))
          : null,
      },
      seen: [
        { role: "generator", statistics: seenByGenerator },
        { role: "discriminator", statistics: seenByDiscriminator },
      ],
    };
  }

  /** What D's losses take: one number for each of some images in D's input shape. */
  private judge(
    weights: readonly Tensor[],
    images: Tensor,
    pass: Pass,
  ): Tensor {
    return runNetwork(this.tf, this.critic, weights, images, pass);
  }

  private judgeBoth(
    weights: readonly Tensor[],
    inputs: StepTensors,
    fake: Tensor,
    statistics: BatchStatistics[][],
    scratch: Scratch,
  ): Tensor[] {
    const real = tensorOf(inputs, "real");
    const adapted = this.adapt(fake);
    if (this.independent) {
      const both = this.tf.concat([real, adapted]);
      return this.tf.split(this.judge(weights, both, quietPass), 2);
    }
    return (["real", "fake"] as const).map((name, index) =>
      this.judge(
        weights,
        name === "real" ? real : adapted,
        this.pass("discriminator", name, inputs, statistics[index], scratch),
      ),
    );
  }

  /** Generated images in the shape that D takes. */
  private adapt(images: Tensor): Tensor {
    const { input } = this.model.discriminator;
    return reshapeSamples(this.tf, images, this.made, input);
  }

  /** A pass in training mode. */
  private pass(
    role: NetworkRole,
    name: DiscriminatorPass | GeneratorPass,
    inputs: StepTensors,
    statistics: BatchStatistics[],
    scratch: Scratch,
  ): Pass {
    const masks = new Map<number, Tensor>();
    this.model[role].layers.forEach((_, index) => {
      const mask = inputs.get(maskName(role, index, name));
      if (mask) masks.set(index, mask);
    });
    return {
      ...quietPass,
      masks,
      onStatistics: ({ mean, variance }) => {
        statistics.push({
          mean: scratch.hold(mean),
          variance: scratch.hold(variance),
        });
      },
    };
  }
}

function tensorOf(inputs: StepTensors, name: string): Tensor {
  const tensor = inputs.get(name);
  if (!tensor) throw new Error(`The batch has no input ${name}.`);
  return tensor;
}

function normOf(tf: TensorFlow, vector: Tensor): Tensor {
  return tf.sqrt(tf.sum(tf.square(vector)));
}

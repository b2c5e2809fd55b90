/**
 * One training step as expressions: every pass, both losses, their gradients and both updates, in PyTorch's order of
 * passes, so that running statistics chain as they do there.
 */
import type { Shape } from "../../shared/layers";
import { volume, isPerSample } from "../../shared/layers";
import type { NetworkRole } from "../../shared/settings/settings";
import type { StepMetric } from "../../shared/metrics";
import type { DiscriminatorPass, GeneratorPass } from "../../shared/step";
import { stepMetrics } from "../../shared/metrics";
import { maskName, stepInputs } from "../../shared/step";
import type { ModelSettings } from "../engine/engine";
import { networkRoles, parameterKey } from "./parameters";
import { gradients } from "./gradient";
import type { Graph } from "./graph";
import { logitNetworks, lossesOf } from "./losses";
import { forward } from "./network";
import type { Node } from "./node";
import type { OptimizerScalar } from "./optimizer";
import { optimizerOf } from "./optimizer";
import type { Group, StateLayout } from "./state";
import { StateNodes } from "./state-nodes";

/** What a step consumes: arrays by the names of `stepInputs`, and its optimisers' scalars. */
export interface StepFeeds {
  array(name: string, shape: Shape): Node;
  scalar(role: NetworkRole, scalar: OptimizerScalar): Node;
}

export class Step {
  private readonly networks: Pick<ModelSettings, NetworkRole>;
  private readonly inputs = new Map<string, Node>();
  private readonly figures = new Map<StepMetric, Node>();
  private images: Node | null = null;

  /** Of so many samples; `state` is what earlier steps have made of it. */
  constructor(
    private readonly model: ModelSettings,
    private readonly layout: StateLayout,
    private readonly graph: Graph,
    private readonly state: StateNodes,
    private readonly feeds: StepFeeds,
    private readonly batch: number,
  ) {
    this.networks = logitNetworks(model);
    for (const { name, shape } of stepInputs(model))
      this.inputs.set(name, feeds.array(name, [batch, ...shape]));
  }

  /** Updates one network and gives the loss. */
  update(role: NetworkRole): Node {
    const loss =
      role === "discriminator"
        ? this.discriminatorLoss()
        : this.generatorLoss();
    this.descend(role, loss);
    return loss;
  }

  /** `[stepMetrics.length]`, of the updates made; NaN where they have no such figure. */
  metrics(): Node {
    const absent = this.graph.constant(NaN, [1]);
    const figures = stepMetrics.map((metric) => {
      const figure = this.figures.get(metric);
      return figure ? this.graph.reshape(figure, [1]) : absent;
    });
    return this.graph.concat(figures);
  }

  /** With respect to the weights that the step began with. The images that the discriminator learns from are detached. */
  allGradients(
    updated: NetworkRole,
    loss: Node,
  ): ReadonlyMap<string, Node | null> {
    const start = new StateNodes(this.graph, this.layout, this.networks);
    const reached = networkRoles.filter(
      (role) => updated === "generator" || role === "discriminator",
    );
    return new Map(
      reached.flatMap((role) => [
        ...this.parameterGradients(role, loss, start),
      ]),
    );
  }

  private discriminatorLoss(): Node {
    const { graph, figures } = this;
    const losses = lossesOf(this.model.objective);
    const factor = this.model.objective.reduction === "mean" ? 0.5 : 1;
    const [real, fake] = this.discriminatorOutputs();
    const lossReal = graph.scale(losses.real(graph, real), factor);
    const lossFake = graph.scale(losses.fake(graph, fake), factor);
    const loss = graph.add(lossReal, lossFake);
    figures.set("loss/discriminator", loss);
    figures.set("loss/discriminator_real", lossReal);
    figures.set("loss/discriminator_fake", lossFake);
    figures.set("score/real", losses.score(graph, real));
    figures.set("score/fake", losses.score(graph, fake));
    return loss;
  }

  /**
   * Real and fake go through as one batch where no layer looks at the batch as a whole, unless these fakes have gone
   * through these weights already.
   */
  private discriminatorOutputs(): [real: Node, fake: Node] {
    const { graph, batch } = this;
    const { order, secondUpdate } = this.model.objective;
    const real = this.flat(this.input("real"));
    const fakesAreKnown =
      order === "generator-first" && secondUpdate === "same-images";
    if (fakesAreKnown || !isPerSample(this.networks.discriminator.layers))
      return [
        this.discriminate(real, "real"),
        this.discriminate(this.generate("fake"), "fake"),
      ];
    const pair = graph.concat([real, this.generate("fake")]);
    const both = this.discriminate(pair, "real");
    return [
      graph.slice(both, 0, 0, batch),
      graph.slice(both, 0, batch, 2 * batch),
    ];
  }

  private generatorLoss(): Node {
    const losses = lossesOf(this.model.objective);
    const output = this.discriminate(this.generate("score"), "score");
    const loss = losses.generator(this.graph, output);
    this.figures.set("loss/generator", loss);
    this.figures.set("score/fake_after", losses.score(this.graph, output));
    return loss;
  }

  /** `[batch, pixels]` of one pass. Passes share their noise, or their images, where the settings say so. */
  private generate(pass: GeneratorPass): Node {
    const { secondUpdate } = this.model.objective;
    if (secondUpdate === "same-images" && this.images) return this.images;
    const fresh = secondUpdate === "fresh-noise";
    const noise = this.input(fresh ? `noise.${pass}` : "noise.fake");
    const masks = secondUpdate === "same-images" ? "fake" : pass;
    this.images = this.flat(this.pass("generator", noise, masks));
    return this.images;
  }

  /** `[batch]` */
  private discriminate(images: Node, pass: DiscriminatorPass): Node {
    const output = this.pass("discriminator", images, pass);
    return this.graph.reshape(output, [images.shape[0]]);
  }

  private pass(
    role: NetworkRole,
    input: Node,
    pass: DiscriminatorPass | GeneratorPass,
  ): Node {
    const { graph, state } = this;
    const result = forward(this.networks[role], input, {
      graph,
      batch: input.shape[0],
      statistics: "batch",
      parameter: (layer, kind) => state.layerParameter(role, layer, kind),
      running: (layer) => state.running(role, layer),
      mask: (layer) => this.input(maskName(role, layer, pass)),
    });
    state.keepRunning(role, result);
    return result.output;
  }

  private descend(role: NetworkRole, loss: Node): void {
    const { graph, state } = this;
    const found = this.parameterGradients(role, loss, state);
    const whole = this.layout.groups
      .filter((group) => group.role === role)
      .map((group) => {
        const gradient = state.groupGradient(group, found);
        this.updateGroup(group, gradient);
        return gradient;
      });
    const squares = whole.map((gradient) => graph.sum(graph.square(gradient)));
    const norm = graph.sqrt(squares.reduce((a, b) => graph.add(a, b)));
    this.figures.set(`gradient/${role}`, norm);
  }

  private parameterGradients(
    role: NetworkRole,
    loss: Node,
    state: StateNodes,
  ): Map<string, Node | null> {
    const parameters = state.trainable(role);
    const weights = parameters.map((it) => state.row(role, it));
    const detached = new Set(this.state.variables.values());
    const found = gradients(this.graph, loss, weights, detached);
    return new Map(
      parameters.map(({ name }, i) => [parameterKey(role, name), found[i]]),
    );
  }

  private updateGroup({ role, weights, slots }: Group, gradient: Node): void {
    const { graph, state } = this;
    const optimizer = optimizerOf(this.model.optimizers[role]);
    const updated = optimizer.update(
      graph,
      state.get(weights.name),
      gradient,
      slots.map(({ name }) => state.get(name)),
      optimizer.scalars.map((it) => this.feeds.scalar(role, it)),
    );
    const { clip } = this.model.objective;
    const clipped = role === "discriminator" && clip !== null;
    state.variables.set(
      weights.name,
      clipped ? graph.clip(updated.weight, clip) : updated.weight,
    );
    slots.forEach(({ name }, i) => {
      state.variables.set(name, updated.slots[i]);
    });
  }

  private input(name: string): Node {
    const node = this.inputs.get(name);
    if (!node) throw new Error(`A step has no input ${name}.`);
    return node;
  }

  private flat(x: Node): Node {
    return this.graph.reshape(x, [this.batch, volume(x.shape) / this.batch]);
  }
}

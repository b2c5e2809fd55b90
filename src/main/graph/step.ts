/**
 * One training step as expressions: every pass, both losses, their gradients and both updates, in PyTorch's order of
 * passes, so that running statistics chain as they do there.
 */
import type { NetworkRole } from "../../shared/settings/settings";
import type { StepMetric } from "../../shared/metrics";
import { stepMetrics } from "../../shared/metrics";
import { networkRoles } from "./parameters";
import { descend, parameterGradients } from "./descent";
import { lossesOf } from "./losses";
import { penaltyOf } from "./penalties";
import type { Node } from "./node";
import type { StepParts } from "./passes";
import { Passes } from "./passes";
import { iterateSpectral } from "./spectral";
import { StateNodes } from "./state-nodes";

export class Step {
  private readonly passes: Passes;
  private readonly figures = new Map<StepMetric, Node>();

  constructor(private readonly parts: StepParts) {
    this.passes = new Passes(parts);
  }

  /** Updates one network and gives the loss. */
  update(role: NetworkRole): Node {
    const { graph, layout, state } = this.parts;
    if (role === "discriminator") iterateSpectral(graph, layout, state);
    const loss =
      role === "discriminator"
        ? this.discriminatorLoss()
        : this.generatorLoss();
    const { norm } = descend(this.parts, role, loss);
    this.figures.set(`gradient/${role}`, norm);
    return loss;
  }

  /** `[stepMetrics.length]`, of the updates made; NaN where they have no such figure. */
  metrics(): Node {
    const { graph } = this.parts;
    const absent = graph.constant(NaN, [1]);
    const figures = stepMetrics.map((metric) => {
      const figure = this.figures.get(metric);
      return figure ? graph.reshape(figure, [1]) : absent;
    });
    return graph.concat(figures);
  }

  /** With respect to the weights that the step began with. The images that the discriminator learns from are detached. */
  allGradients(
    updated: NetworkRole,
    loss: Node,
  ): ReadonlyMap<string, Node | null> {
    const { graph, layout } = this.parts;
    const start = new StateNodes(graph, layout, this.passes.networks);
    const reached = networkRoles.filter(
      (role) => updated === "generator" || role === "discriminator",
    );
    return new Map(
      reached.flatMap((role) => [
        ...parameterGradients(this.parts, role, loss, start),
      ]),
    );
  }

  /** With the penalty, which the figure of the loss leaves out. */
  private discriminatorLoss(): Node {
    const { graph, model } = this.parts;
    const { real, fake } = this.passes.realAndFake();
    const loss = this.adversarialLoss(real.output, fake.output);
    if (model.improvements.augmentation?.adaptive)
      this.figures.set(
        "augmentation/sign",
        this.meanSign(real.output, fake.output),
      );
    const { penalties } = model.improvements;
    const mixed =
      penalties.interpolated === null ? null : this.passes.mixed(real, fake);
    const penalty = penaltyOf(graph, penalties, { real, fake, mixed });
    if (!penalty) return loss;
    this.figures.set("loss/penalty", penalty);
    return graph.add(loss, penalty);
  }

  private meanSign(real: Node, fake: Node): Node {
    const { graph, model } = this.parts;
    const { isPaired } = lossesOf(model.objective);
    const judged = isPaired ? graph.subtract(real, fake) : real;
    const positive = graph.mean(graph.slope(judged, 0));
    return graph.subtract(graph.scale(positive, 2), graph.constant(1));
  }

  private adversarialLoss(real: Node, fake: Node): Node {
    const { graph, model } = this.parts;
    const { figures } = this;
    const losses = lossesOf(model.objective);
    figures.set("score/real", losses.score(graph, real));
    figures.set("score/fake", losses.score(graph, fake));
    const reduce = (loss: Node) =>
      graph.scale(loss, model.objective.reduction === "mean" ? 0.5 : 1);
    if (losses.isPaired) {
      const apart = graph.subtract(real, fake);
      const loss = reduce(losses.discriminator(graph, apart));
      figures.set("loss/discriminator", loss);
      return loss;
    }
    const { smoothing } = model.improvements;
    const lossReal = reduce(losses.real(graph, real, smoothing));
    const lossFake = reduce(losses.fake(graph, fake));
    const loss = graph.add(lossReal, lossFake);
    figures.set("loss/discriminator", loss);
    figures.set("loss/discriminator_real", lossReal);
    figures.set("loss/discriminator_fake", lossFake);
    return loss;
  }

  private generatorLoss(): Node {
    const { graph, model } = this.parts;
    const losses = lossesOf(model.objective);
    const { output } = this.passes.score();
    const loss = losses.isPaired
      ? losses.generator(
          graph,
          graph.subtract(this.passes.paired().output, output),
        )
      : losses.generator(graph, output);
    this.figures.set("loss/generator", loss);
    this.figures.set("score/fake_after", losses.score(graph, output));
    return loss;
  }
}

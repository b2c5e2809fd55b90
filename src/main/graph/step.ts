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
import type { Node } from "./node";
import type { StepParts } from "./passes";
import { Passes } from "./passes";
import { StateNodes } from "./state-nodes";

export class Step {
  private readonly passes: Passes;
  private readonly figures = new Map<StepMetric, Node>();

  constructor(private readonly parts: StepParts) {
    this.passes = new Passes(parts);
  }

  /** Updates one network and gives the loss. */
  update(role: NetworkRole): Node {
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
        ...parameterGradients({ ...this.parts, state: start }, role, loss),
      ]),
    );
  }

  private discriminatorLoss(): Node {
    const { graph, model } = this.parts;
    const { objective, improvements } = model;
    const losses = lossesOf(objective);
    const factor = objective.reduction === "mean" ? 0.5 : 1;
    const { real, fake } = this.passes.realAndFake();
    const { smoothing } = improvements;
    const lossReal = graph.scale(
      losses.real(graph, real.output, smoothing),
      factor,
    );
    const lossFake = graph.scale(losses.fake(graph, fake.output), factor);
    const loss = graph.add(lossReal, lossFake);
    this.figures.set("loss/discriminator", loss);
    this.figures.set("loss/discriminator_real", lossReal);
    this.figures.set("loss/discriminator_fake", lossFake);
    this.figures.set("score/real", losses.score(graph, real.output));
    this.figures.set("score/fake", losses.score(graph, fake.output));
    return loss;
  }

  private generatorLoss(): Node {
    const { graph, model } = this.parts;
    const losses = lossesOf(model.objective);
    const { output } = this.passes.score();
    const loss = losses.generator(graph, output);
    this.figures.set("loss/generator", loss);
    this.figures.set("score/fake_after", losses.score(graph, output));
    return loss;
  }
}

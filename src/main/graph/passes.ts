/** What goes through the two networks in one step: which images and noise, with which masks, in which order. */
import type { Shape } from "../../shared/layers";
import { volume, isPerSample } from "../../shared/layers";
import type { NetworkRole } from "../../shared/settings/settings";
import type { DiscriminatorPass, GeneratorPass } from "../../shared/step";
import {
  augmentationName,
  imageShapeOf,
  instanceNoiseName,
  maskName,
  stepInputs,
} from "../../shared/step";
import { augment } from "./augment";
import type { ModelSettings } from "../engine/engine";
import type { Graph } from "./graph";
import { logitNetworks } from "./losses";
import { forward } from "./network";
import type { Node } from "./node";
import type { UpdateScalar } from "./scalars";
import type { StateLayout } from "./state";
import type { StateNodes } from "./state-nodes";

/** What a step consumes: arrays by the names of `stepInputs`, and what its updates read beside them. */
export interface StepFeeds {
  array(name: string, shape: Shape): Node;
  scalar(role: NetworkRole, scalar: UpdateScalar): Node;
}

/** What a step is made of; `state` is what earlier steps have made of it. */
export interface StepParts {
  model: ModelSettings;
  layout: StateLayout;
  graph: Graph;
  state: StateNodes;
  feeds: StepFeeds;
  /** Samples. */
  batch: number;
}

/** Images `[batch, pixels]` and what D gave for them, `[batch]`. */
export interface Judged {
  images: Node;
  output: Node;
}

export class Passes {
  readonly networks: Pick<ModelSettings, NetworkRole>;
  private readonly inputs = new Map<string, Node>();
  private images: Node | null = null;

  constructor(private readonly parts: StepParts) {
    const { model, feeds, batch } = parts;
    this.networks = logitNetworks(model);
    for (const { name, shape } of stepInputs(model))
      this.inputs.set(name, feeds.array(name, [batch, ...shape]));
  }

  /**
   * Of D's update. Real and fake go through as one batch where no layer looks at the batch as a whole, unless these fakes
   * have gone through these weights already.
   */
  realAndFake(): { real: Judged; fake: Judged } {
    const { graph, batch, model } = this.parts;
    const { order, secondUpdate } = model.objective;
    const real = this.flat(this.input("real"));
    const fake = this.generate("fake");
    const fakesAreKnown =
      order === "generator-first" && secondUpdate === "same-images";
    if (fakesAreKnown || !isPerSample(this.networks.discriminator.layers))
      return {
        real: this.judged(real, "real"),
        fake: this.judged(fake, "fake"),
      };
    const seen = [this.seen(real, "real"), this.seen(fake, "fake")];
    const both = this.judge(graph.concat(seen), "real");
    const half = (images: Node, from: number) => ({
      images,
      output: graph.slice(both, 0, from, from + batch),
    });
    return { real: half(real, 0), fake: half(fake, batch) };
  }

  /** Images between real and fake ones: Gulrajani et al. 2017, section 4. */
  mixed(real: Judged, fake: Judged): Judged {
    const { graph } = this.parts;
    const way = graph.subtract(fake.images, real.images);
    const part = graph.multiply(way, this.input("mixture"));
    return this.judged(graph.add(real.images, part), "mixed");
  }

  /** Of G's update. */
  score(): Judged {
    return this.judged(this.generate("score"), "score");
  }

  /** The real images of G's update. */
  paired(): Judged {
    return this.judged(this.flat(this.input("real")), "paired");
  }

  /** `[batch, pixels]` of one pass. Passes share their noise, or their images, where the settings say so. */
  private generate(pass: GeneratorPass): Node {
    const { secondUpdate } = this.parts.model.objective;
    if (secondUpdate === "same-images" && this.images) return this.images;
    const fresh = secondUpdate === "fresh-noise";
    const noise = this.input(fresh ? `noise.${pass}` : "noise.fake");
    const masks = secondUpdate === "same-images" ? "fake" : pass;
    this.images = this.flat(this.pass("generator", noise, masks));
    return this.images;
  }

  private judged(images: Node, pass: DiscriminatorPass): Judged {
    return { images, output: this.judge(this.seen(images, pass), pass) };
  }

  /** What D is shown of images: themselves, or disturbed. */
  private seen(images: Node, pass: DiscriminatorPass): Node {
    const { graph, model } = this.parts;
    const { augmentation, instanceNoise } = model.improvements;
    const update =
      pass === "score" || pass === "paired" ? "generator" : "discriminator";
    const augmented = augmentation
      ? augment(graph, images, imageShapeOf(model), augmentation, (part) =>
          this.input(augmentationName(update, part)),
        )
      : images;
    if (!instanceNoise) return augmented;
    const noise = this.flat(this.input(instanceNoiseName(pass)));
    return graph.add(augmented, noise);
  }

  /** `[images]` */
  private judge(images: Node, pass: DiscriminatorPass): Node {
    const output = this.pass("discriminator", images, pass);
    return this.parts.graph.reshape(output, [images.shape[0]]);
  }

  private pass(
    role: NetworkRole,
    input: Node,
    pass: DiscriminatorPass | GeneratorPass,
  ): Node {
    const { graph, state } = this.parts;
    const result = forward(this.networks[role], input, {
      graph,
      batch: input.shape[0],
      labels: this.labels(input.shape[0]),
      statistics: "batch",
      parameter: (layer, kind) => state.layerParameter(role, layer, kind),
      running: (layer) => state.running(role, layer),
      mask: (layer) => this.input(maskName(role, layer, pass)),
    });
    state.keepRunning(role, result);
    return result.output;
  }

  /** Of a batch, or of real and fake images one below the other: those of a step have the same classes. */
  private labels(count: number): Node | null {
    const own = this.inputs.get("labels");
    if (!own || count === this.parts.batch) return own ?? null;
    return this.parts.graph.concat([own, own]);
  }

  private input(name: string): Node {
    const node = this.inputs.get(name);
    if (!node) throw new Error(`A step has no input ${name}.`);
    return node;
  }

  private flat(x: Node): Node {
    const { graph, batch } = this.parts;
    return graph.reshape(x, [batch, volume(x.shape) / batch]);
  }
}

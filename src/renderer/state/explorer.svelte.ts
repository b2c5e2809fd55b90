/** The latent explorer of one run: which generator, what is drawn, which vectors were chosen. */
import type {
  ExploredPicture,
  Exploration,
  LatentName,
  Viewpoint,
} from "../../shared/contract/explore";
import { errorMessage } from "../../shared/errors";
import type { Application } from "./application.svelte";

export type ExplorerKind = "samples" | "slerp" | "walk" | "sweep";

/** A chosen vector with the tile that shows it. */
export interface Stop {
  latent: LatentName;
  picture: ExploredPicture;
  tile: number;
}

export class Explorer {
  latentSize = $state(0);
  steps = $state.raw<readonly number[]>([]);
  step = $state(0);
  mode = $state<Viewpoint["mode"]>("batch");
  truncation = $state<number | null>(null);
  kind = $state<ExplorerKind>("samples");
  seed = $state(1);
  count = $state(64);
  frames = $state(12);
  dimension = $state(0);
  span = $state(3);
  stops = $state.raw<readonly Stop[]>([]);
  picture = $state.raw<ExploredPicture | null>(null);
  /** Why nothing can be drawn, in one sentence. */
  failure = $state<string | null>(null);
  private asked = 0;

  constructor(
    private readonly application: Application,
    readonly run: string,
  ) {}

  /** What to draw with the choices as they are; null where something is missing. */
  readonly exploration: Exploration | null = $derived.by(() => {
    const framesPerLeg = this.frames;
    const latents = this.stops.map(({ latent }) => latent);
    switch (this.kind) {
      case "samples":
        return { kind: "samples", seed: this.seed, count: this.count };
      case "slerp":
        return latents.length < 2
          ? null
          : { kind: "slerp", stops: latents, framesPerLeg };
      case "walk":
        return { kind: "walk", seed: this.seed, stops: 4, framesPerLeg };
      case "sweep":
        return {
          kind: "sweep",
          latent: latents[0] ?? { from: "bank", index: 0 },
          dimension: this.dimension,
          low: -this.span,
          high: this.span,
          count: 16,
        };
      default:
        return this.kind satisfies never;
    }
  });

  async open(): Promise<void> {
    const { client } = this.application;
    try {
      const facts = await client.explore.describe({ run: this.run });
      this.latentSize = facts.latentSize;
      this.steps = facts.steps;
      this.step = facts.steps.at(-1) ?? 0;
    } catch (error) {
      this.failure = errorMessage(error);
    }
  }

  /** Draws what is chosen now; only the newest answer is shown. */
  async draw(exploration: Exploration): Promise<void> {
    if (this.steps.length === 0) return;
    const question = ++this.asked;
    const { mode, run, step, truncation } = this;
    try {
      const picture = await this.application.client.explore.draw({
        viewpoint: { run, step, mode, truncation },
        exploration,
      });
      if (question !== this.asked) return;
      [this.picture, this.failure] = [picture, null];
    } catch (error) {
      if (question !== this.asked) return;
      this.failure = errorMessage(error);
    }
  }

  /** Takes a tile as a stop, or gives it up where it is one. */
  toggleStop(picture: ExploredPicture, tile: number): void {
    const latent = picture.latents?.[tile];
    if (!latent) return;
    const key = JSON.stringify(latent);
    const others = this.stops.filter(
      (stop) => JSON.stringify(stop.latent) !== key,
    );
    this.stops =
      others.length < this.stops.length
        ? others
        : [...others.slice(-15), { latent, picture, tile }];
  }

  async keep(): Promise<void> {
    if (!this.picture) return;
    const { client, notices } = this.application;
    const kept = await notices.guard(
      client.explore.keep({ id: this.picture.id }),
    );
    if (kept) notices.inform(`“${kept.title}” is in the run's gallery.`);
  }
}

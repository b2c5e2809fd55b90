/** The latent explorer of one run: which generator, what is drawn, which vectors were chosen. */
import type {
  ExploredPicture,
  Exploration,
  ExplorationFormat,
  LatentName,
  Viewpoint,
} from "../../shared/contract/explore";
import { copyText } from "../copy-text";
import { download } from "../download";
import { errorMessage } from "../../shared/errors";
import type { Application } from "./application.svelte";
import { marksOf } from "./stop-marks";

export type ExplorerKind = "samples" | "slerp" | "walk" | "classes" | "sweep";

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
  /** Whether there is a choice of weights. */
  hasAverage = $state(false);
  weights = $state<Viewpoint["weights"]>("average");
  /** The classes that the networks know; none of a GAN without labels. */
  classes = $state.raw<readonly { label: number; name: string }[]>([]);
  /** The class that is drawn; null is all of them. */
  class = $state<number | null>(null);
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
  /** The drawing under way. */
  private drawing: Promise<void> = Promise.resolve();

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
      case "classes":
        return {
          kind: "classes",
          latent: latents[0] ?? { from: "bank", index: 0 },
          classes: this.classes.slice(0, 100).map(({ label }) => label),
          framesPerLeg,
        };
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
      // The newest is followed until another is chosen.
      if (this.step === (this.steps.at(-1) ?? 0))
        this.step = facts.steps.at(-1) ?? 0;
      this.steps = facts.steps;
      this.hasAverage = facts.hasAverage;
      this.classes = facts.classes;
    } catch (error) {
      this.failure = errorMessage(error);
    }
  }

  /** Draws what is chosen now; only the newest answer is shown. */
  draw(exploration: Exploration): void {
    this.drawing = this.ask(exploration);
  }

  /** What is chosen now, once it is drawn. */
  private async drawn(): Promise<ExploredPicture | null> {
    await this.drawing;
    return this.picture;
  }

  private async ask(exploration: Exploration): Promise<void> {
    if (this.steps.length === 0) return;
    const question = ++this.asked;
    const { mode, run, step, truncation, weights } = this;
    const label = this.class;
    try {
      const picture = await this.application.client.explore.draw({
        viewpoint: { run, step, mode, truncation, weights, class: label },
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

  /** Of the tiles that are shown, by their number: the place among the stops, from 1. */
  readonly marks: ReadonlyMap<number, number> = $derived(
    marksOf(this.picture?.latents ?? [], this.stops),
  );

  /** As an animation, or the vectors as a file for NumPy. */
  async saveAs(format: ExplorationFormat): Promise<void> {
    const picture = await this.drawn();
    if (!picture) return;
    const { client, notices } = this.application;
    const outcome = await notices.guard(
      client.explore.saveAs({ id: picture.id, format }),
    );
    if (outcome?.state === "saved")
      notices.inform(`It is saved at ${outcome.path}.`);
    if (outcome?.state !== "download") return;
    download(outcome.url, outcome.name);
    notices.inform(`${outcome.name} is among your downloads.`);
  }

  /** The vectors of the chosen tiles, or of all, as the text of a NumPy array. */
  async copyLatents(): Promise<void> {
    const picture = await this.drawn();
    if (!picture) return;
    const { client, notices } = this.application;
    const chosen = [...this.marks.keys()];
    const tiles = chosen.length > 0 ? chosen : null;
    const copied = await notices.guard(
      client.explore.latents({ id: picture.id, tiles }).then(async (rows) => {
        await copyText(numpyText(rows));
        return rows.length;
      }),
    );
    if (copied !== null)
      notices.inform(
        `${copied === 1 ? "One vector is" : `${copied} vectors are`} in the clipboard, as a NumPy array.`,
      );
  }

  async keep(): Promise<void> {
    const picture = await this.drawn();
    if (!picture) return;
    const { client, notices } = this.application;
    const kept = await notices.guard(client.explore.keep({ id: picture.id }));
    if (kept) notices.inform(`“${kept.title}” is in the run's gallery.`);
  }
}

/** `np.array([[...], [...]], dtype=np.float32)`, with as many digits as a float32 needs to be read back. */
function numpyText(rows: readonly (readonly number[])[]): string {
  const texts = rows.map(
    (row) => `[${row.map((value) => Number(value.toPrecision(9))).join(", ")}]`,
  );
  return `np.array([${texts.join(",\n          ")}], dtype=np.float32)`;
}

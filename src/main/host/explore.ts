/** The latent explorer: draws in the studio thread, keeps what is liked in the run's folder. */
import { writeFile } from "node:fs/promises";
import type { AppContract } from "../../shared/contract/index";
import { explorationFormats } from "../../shared/contract/explore";
import type {
  ExplorableRun,
  Exploration,
  ExplorationFormat,
  ExploredPicture,
  KeptPicture,
  Sheet,
  Viewpoint,
} from "../../shared/contract/explore";
import type { ExportOutcome } from "../../shared/contract/exports";
import { fileUrls } from "../../shared/contract/files";
import { volume } from "../../shared/layers";
import type { Handlers } from "../../shared/rpc";
import { classesOf } from "../../shared/settings/labels";
import type { TrainingSettings } from "../../shared/settings/settings";
import { latentsOf } from "../studio/latents";
import type { Studio } from "../studio/studio";
import { explorationFile, explorationTypes } from "./exploration-files";
import { sendBytes } from "./files";
import type { FileRoute } from "./files";
import { plain } from "./pages";
import type { Host } from "./host";
import { KeptPictures } from "./kept-pictures";
import type { Pictures } from "./pictures";
import { trainedRun } from "./trained-run";

/** What a picture shows, for when it is kept. */
interface Drawing {
  viewpoint: Viewpoint;
  exploration: Exploration;
  /** Of the run's latent vectors. */
  size: number;
  sheet: Sheet;
}

export class ExploreArea {
  readonly calls: Handlers<AppContract>["explore"];
  readonly routes: FileRoute[];
  private readonly kept: KeptPictures;
  private readonly drawings = new Map<string, Drawing>();

  constructor(
    private readonly host: Pick<Host, "store" | "shell">,
    private readonly studio: Studio,
    private readonly pictures: Pictures,
  ) {
    const kept = new KeptPictures(host.store);
    this.kept = kept;
    this.calls = {
      describe: ({ run }) => this.describe(run),
      draw: ({ viewpoint, exploration }) => this.draw(viewpoint, exploration),
      saveAs: ({ id, format }) => this.saveAs(id, format),
      latents: ({ id, tiles }) => this.latents(id, tiles),
      keep: ({ id }) => this.keep(id),
      kept: ({ run }) => kept.list(run),
      async removeKept({ run, name }) {
        await kept.remove(run, name);
        return null;
      },
    };
    const files: FileRoute = {
      method: "GET",
      path: "explorations/:id/:format",
      answer: ({ id, format }) => this.sendFile(id, format),
    };
    this.routes = [kept.route, files];
  }

  private async describe(run: string): Promise<ExplorableRun> {
    const { settings, checkpoints, classes } = await trainedRun(
      this.host.store,
      run,
    );
    return {
      latentSize: volume(settings.generator.input),
      steps: checkpoints,
      hasAverage: settings.improvements.average !== null,
      classes: classesOf(settings).map((label) => ({
        label,
        name: classes?.[label] ?? String(label),
      })),
    };
  }

  private async draw(
    viewpoint: Viewpoint,
    exploration: Exploration,
  ): Promise<ExploredPicture> {
    const { store } = this.host;
    const { run, step, weights } = viewpoint;
    const { settings } = await trainedRun(store, run);
    const drawn = await this.studio.draw(
      `${run}/${step}/${weights}`,
      async () => {
        const { state } = await store.readCheckpoint(run, step);
        return { settings, state };
      },
      viewpoint,
      exploration,
    );
    const grid = gridOf(settings, exploration);
    const picture = await this.pictures.add(drawn, grid, settings.data.range);
    const { id, sheet } = picture;
    const size = volume(settings.generator.input);
    this.drawings.set(id, { viewpoint, exploration, size, sheet });
    for (const oldest of this.drawings.keys())
      if (!this.pictures.find(oldest)) this.drawings.delete(oldest);
    return {
      ...picture,
      scores: [...drawn.scores],
      latents: drawn.names,
      milliseconds: drawn.milliseconds,
    };
  }

  /** Rejects with a sentence where newer pictures took its place. */
  private drawn(id: string) {
    const png = this.pictures.find(id);
    const drawing = this.drawings.get(id);
    if (!png || !drawing) throw new Error(gone);
    const { exploration, size, viewpoint } = drawing;
    const latents = latentsOf(exploration, size, viewpoint.truncation);
    return { ...drawing, png, latents };
  }

  private async saveAs(
    id: string,
    format: ExplorationFormat,
  ): Promise<ExportOutcome> {
    const { shell } = this.host;
    const picture = this.drawn(id);
    const { kind } = picture.exploration;
    const name = `${kind}-step-${picture.viewpoint.step}.${format}`;
    if (shell.kind === "browser") {
      const url = fileUrls.exploration(id, format);
      return { state: "download", url, name, bytes: 0, remarks: [] };
    }
    const path = await shell.chooseFile({
      kind: "save",
      title: "Save what was drawn",
      suggestedName: name,
      extensions: [format],
    });
    if (path === null) return { state: "cancelled" };
    const bytes = await explorationFile(format, picture);
    await writeFile(path, bytes);
    return { state: "saved", path, bytes: bytes.length, remarks: [] };
  }

  private async sendFile(id: string, format: string): Promise<Response> {
    const wanted = explorationFormats.find((one) => one === format);
    if (!wanted || !this.pictures.find(id) || !this.drawings.has(id))
      return plain(404, gone);
    const bytes = await explorationFile(wanted, this.drawn(id));
    return sendBytes(bytes, explorationTypes[wanted]);
  }

  private latents(id: string, tiles: readonly number[] | null): number[][] {
    const { count, values } = this.drawn(id).latents;
    const size = values.length / count;
    const rows = tiles ?? Array.from({ length: count }, (_, row) => row);
    return rows
      .filter((row) => row < count)
      .map((row) => [...values.slice(row * size, (row + 1) * size)]);
  }

  private keep(id: string): Promise<KeptPicture> {
    const { exploration, png, sheet, viewpoint } = this.drawn(id);
    const step = String(viewpoint.step).padStart(6, "0");
    const name = `step-${step}-${exploration.kind}-${id.slice(0, 8)}.png`;
    const title = `${titleOf(exploration)} at step ${viewpoint.step.toLocaleString("en")}`;
    return this.kept.add(viewpoint.run, name, png, { title, sheet });
  }
}

const gone = "This picture is no longer there; draw it again.";

/** The run's own look; a leg, a row of frames each. */
function gridOf(
  { sampling }: TrainingSettings,
  exploration: Exploration,
): TrainingSettings["sampling"]["grid"] {
  switch (exploration.kind) {
    case "bank":
    case "samples":
      return sampling.grid;
    case "slerp":
    case "walk":
    case "classes":
      return { ...sampling.grid, perRow: exploration.framesPerLeg };
    case "sweep":
      return { ...sampling.grid, perRow: Math.min(16, exploration.count) };
    default:
      return exploration satisfies never;
  }
}

function titleOf(exploration: Exploration): string {
  switch (exploration.kind) {
    case "bank":
      return `The run's ${exploration.count} vectors`;
    case "samples":
      return `${exploration.count} new samples (seed ${exploration.seed})`;
    case "slerp":
      return `A path through ${exploration.stops.length} vectors`;
    case "walk":
      return `A walk through ${exploration.stops} vectors (seed ${exploration.seed})`;
    case "classes":
      return `One vector through ${exploration.classes.length} classes`;
    case "sweep":
      return `Dimension ${exploration.dimension + 1} from ${exploration.low} to ${exploration.high}`;
    default:
      return exploration satisfies never;
  }
}

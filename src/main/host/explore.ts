/** The latent explorer: draws in the studio thread, keeps what is liked in the run's folder. */
import type { AppContract } from "../../shared/contract/index";
import type { Exploration, Viewpoint } from "../../shared/contract/explore";
import { writeFile } from "node:fs/promises";
import { explorationFormats } from "../../shared/contract/explore";
import type { ExplorationFormat } from "../../shared/contract/explore";
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
import { createKeptPictures } from "./kept-pictures";
import type { Pictures } from "./pictures";
import { trainedRun } from "./trained-run";

export interface ExploreArea {
  calls: Handlers<AppContract>["explore"];
  routes: FileRoute[];
}

/** What a picture shows, for when it is kept. */
interface Drawing {
  viewpoint: Viewpoint;
  exploration: Exploration;
  /** Of the run's latent vectors. */
  size: number;
}

export function createExploreArea(
  { store, shell }: Pick<Host, "store" | "shell">,
  studio: Studio,
  pictures: Pictures,
): ExploreArea {
  const kept = createKeptPictures(store);
  const drawings = new Map<string, Drawing & { sheet: SheetOf }>();

  /** Rejects with a sentence where newer pictures took its place. */
  function drawn(id: string) {
    const png = pictures.find(id);
    const drawing = drawings.get(id);
    if (!png || !drawing)
      throw new Error("This picture is no longer there; draw it again.");
    const { exploration, size, viewpoint } = drawing;
    const latents = latentsOf(exploration, size, viewpoint.truncation);
    return { ...drawing, png, latents };
  }

  async function saveAs(
    id: string,
    format: ExplorationFormat,
  ): Promise<ExportOutcome> {
    const picture = drawn(id);
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

  const fileRoute: FileRoute = {
    method: "GET",
    path: "explorations/:id/:format",
    async answer({ id, format }) {
      const wanted = explorationFormats.find((one) => one === format);
      if (!wanted || !pictures.find(id) || !drawings.has(id))
        return plain(404, "This picture is no longer there; draw it again.");
      const bytes = await explorationFile(wanted, drawn(id));
      return sendBytes(bytes, explorationTypes[wanted]);
    },
  };

  return {
    calls: {
      async describe({ run }) {
        const { settings, checkpoints, classes } = await trainedRun(store, run);
        return {
          latentSize: volume(settings.generator.input),
          steps: checkpoints,
          hasAverage: settings.improvements.average !== null,
          classes: classesOf(settings).map((label) => ({
            label,
            name: classes?.[label] ?? String(label),
          })),
        };
      },
      async draw({ viewpoint, exploration }) {
        const { run, step, weights } = viewpoint;
        const { settings } = await trainedRun(store, run);
        const drawn = await studio.draw(
          `${run}/${step}/${weights}`,
          async () => {
            const { state } = await store.readCheckpoint(run, step);
            return { settings, state };
          },
          viewpoint,
          exploration,
        );
        const picture = await pictures.add(
          drawn,
          gridOf(settings, exploration),
          settings.data.range,
        );
        drawings.set(picture.id, {
          viewpoint,
          exploration,
          size: volume(settings.generator.input),
          sheet: picture.sheet,
        });
        for (const oldest of drawings.keys())
          if (!pictures.find(oldest)) drawings.delete(oldest);
        return {
          ...picture,
          scores: [...drawn.scores],
          latents: drawn.names,
          milliseconds: drawn.milliseconds,
        };
      },
      saveAs: ({ id, format }) => saveAs(id, format),
      latents({ id, tiles }) {
        const { count, values } = drawn(id).latents;
        const size = values.length / count;
        const rows = tiles ?? Array.from({ length: count }, (_, row) => row);
        return rows
          .filter((row) => row < count)
          .map((row) => [...values.slice(row * size, (row + 1) * size)]);
      },
      keep({ id }) {
        const { exploration, png, sheet, viewpoint } = drawn(id);
        const step = String(viewpoint.step).padStart(6, "0");
        const name = `step-${step}-${exploration.kind}-${id.slice(0, 8)}.png`;
        const title = `${titleOf(exploration)} at step ${viewpoint.step.toLocaleString("en")}`;
        return kept.add(viewpoint.run, name, png, { title, sheet });
      },
      kept: ({ run }) => kept.list(run),
      async removeKept({ run, name }) {
        await kept.remove(run, name);
        return null;
      },
    },
    routes: [kept.route, fileRoute],
  };
}

type SheetOf = Awaited<ReturnType<Pictures["add"]>>["sheet"];

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

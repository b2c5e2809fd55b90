/** The data sets as the window sees them: the list, preparation with progress, facts and pictures. */
import type { AppContract } from "../../shared/contract/index";
import { dataSettingsSchema } from "../../shared/settings/settings";
import type { Handlers } from "../../shared/rpc";
import type { LoadOptions } from "../data/image-set";
import { describePath, listBuiltIns } from "../data/listing";
import { checkImages, loadImages } from "../data/load";
import { parsePicture } from "../data/preview";
import { createPreviewer } from "../data/previewer";
import type { Previewer } from "../data/previewer";
import { reportOn } from "../data/report";
import { disturbing, parseAugmentation } from "./augmented-preview";
import { createDataTasks } from "./data-tasks";
import { sendBytes } from "./files";
import type { FileRoute } from "./files";
import type { Host } from "./host";
import { plain } from "./pages";

export interface DataArea {
  calls: Handlers<AppContract>["data"];
  routes: FileRoute[];
  /** Ends what is being prepared. */
  close(): void;
}

/** Previews draw a random subset with this seed; a run draws its own. */
const previewSeed = 0;
/** How long the images of a preview stay in memory, in milliseconds. */
const keptFor = 15 * 60_000;

/** `keepsImages`: whether somebody will look at the images of a set that was prepared. */
export function createDataArea(host: Host, keepsImages: boolean): DataArea {
  const { dataFolder, preferences, uploads } = host;
  const tasks = createDataTasks(host.emit);
  const previewer = createPreviewer((data) => {
    forgetLater.refresh();
    return tasks.run(data.source, (work) =>
      loadImages(data, { dataFolder, seed: previewSeed, ...work }),
    );
  });
  // A large set takes hundreds of megabytes, which nobody needs who has turned to something else.
  const forgetLater = setTimeout(() => previewer.forget(), keptFor).unref();
  const describe = (path: string, work: Work) =>
    describePath(path, { dataFolder, seed: previewSeed, ...work });

  return {
    calls: {
      async list() {
        const added = preferences
          .dataSources()
          .map((path) => tasks.run(path, (work) => describe(path, work)));
        return [
          ...(await listBuiltIns(dataFolder)),
          ...(await Promise.all(added)),
        ];
      },
      async prepare({ data }) {
        // Strokes are drawn when a run starts, so there is nothing to bring.
        if (data.source === "strokes") {
          const found = await tasks.run(data.source, (work) =>
            checkImages(data, { dataFolder, seed: previewSeed, ...work }),
          );
          return { ...found, warnings: [] };
        }
        const found = await previewer.describe(data);
        if (!keepsImages) previewer.forget();
        const { count, report } = found;
        const classes = found.classes?.map(({ name }) => name) ?? null;
        return { count, classes, warnings: report.warnings };
      },
      inspect: ({ source }) =>
        tasks.run(source, (work) =>
          reportOn(source, { dataFolder, seed: previewSeed, ...work }),
        ),
      cancel({ source }) {
        tasks.cancel(source);
        return null;
      },
      preview: ({ data }) => previewer.describe(data),
      image: ({ data, index }) => previewer.describeImage(data, index),
      async add({ path }) {
        const place = await uploads.keep(path);
        const listing = await tasks.run(place, (work) => describe(place, work));
        // Who chose it knows where it lies; where its copy lies is ours.
        if (listing.state === "broken")
          throw new Error(listing.summary.replaceAll(place, listing.title));
        const others = preferences.dataSources().filter((one) => one !== place);
        preferences.setDataSources([place, ...others]);
        return listing;
      },
      remove({ source }) {
        const left = preferences.dataSources().filter((one) => one !== source);
        preferences.setDataSources(left);
        return null;
      },
    },
    routes: [previewRoute(previewer)],
    close() {
      clearTimeout(forgetLater);
      tasks.cancelAll();
    },
  };
}

type Work = Pick<LoadOptions, "onProgress" | "signal">;

function previewRoute(previewer: Previewer): FileRoute {
  return {
    method: "GET",
    path: "data/preview.png",
    async answer(_, request) {
      const query = new URL(request.url).searchParams;
      const data = parseData(query.get("data") ?? "");
      const picture = parsePicture(query.get("what") ?? "");
      const seed = query.get("seed") ?? "0";
      const asked = query.get("augmentation");
      const augmentation = asked === null ? null : parseAugmentation(asked);
      const isWrong = asked !== null && augmentation === null;
      if (isWrong || data === null || picture === null || !isSeed(seed))
        return plain(400, "The preview's address does not make sense.");
      const number = Number(seed);
      const disturb = augmentation
        ? disturbing(augmentation, data, number)
        : undefined;
      const png = await previewer.draw(data, picture, number, disturb);
      return sendBytes(png, "image/png");
    },
  };
}

function isSeed(text: string): boolean {
  return /^\d{1,10}$/.test(text);
}

function parseData(text: string) {
  try {
    return dataSettingsSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

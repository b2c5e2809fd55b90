/** The data sets as the window sees them: the list, preparation with progress, facts and pictures. */
import type { DataSetListing, PreparedData } from "../../shared/contract/data";
import type { AppContract } from "../../shared/contract/index";
import { dataSettingsSchema } from "../../shared/settings/settings";
import type { Handlers } from "../../shared/rpc";
import type { DataSettings } from "../../shared/settings/settings";
import type { LoadedImages, LoadOptions } from "../data/image-set";
import { describePath, listBuiltIns } from "../data/listing";
import { checkImages, loadImages } from "../data/load";
import { parsePicture } from "../data/preview";
import { createPreviewer } from "../data/previewer";
import type { Previewer } from "../data/previewer";
import { reportOn } from "../data/report";
import { disturbing, parseAugmentation } from "./augmented-preview";
import { DataTasks } from "./data-tasks";
import { sendBytes } from "./files";
import type { FileRoute } from "./files";
import type { Host } from "./host";
import { plain } from "./pages";

/** Previews draw a random subset with this seed; a run draws its own. */
const previewSeed = 0;
/** How long the images of a preview stay in memory, in milliseconds. */
const keptFor = 15 * 60_000;

type Work = Pick<LoadOptions, "onProgress" | "signal">;

export class DataArea {
  readonly calls: Handlers<AppContract>["data"];
  readonly routes: FileRoute[];
  private readonly tasks: DataTasks;
  private readonly previewer: Previewer;
  /** A large set takes hundreds of megabytes, which nobody needs who has turned to something else. */
  private readonly forgetLater: NodeJS.Timeout;

  constructor(
    private readonly host: Host,
    /** Whether somebody will look at the images of a set that was prepared. */
    private readonly keepsImages: boolean,
  ) {
    this.tasks = new DataTasks(host.emit);
    this.previewer = createPreviewer((data) => this.load(data));
    const { previewer, tasks } = this;
    this.forgetLater = setTimeout(() => previewer.forget(), keptFor).unref();
    this.routes = [previewRoute(previewer)];
    this.calls = {
      list: () => this.list(),
      prepare: ({ data }) => this.prepare(data),
      inspect: ({ source }) =>
        tasks.run(source, (work) => reportOn(source, this.options(work))),
      cancel({ source }) {
        tasks.cancel(source);
        return null;
      },
      preview: ({ data }) => previewer.describe(data),
      image: ({ data, index }) => previewer.describeImage(data, index),
      add: ({ path }) => this.add(path),
      remove({ source }) {
        const { preferences } = host;
        const left = preferences.dataSources().filter((one) => one !== source);
        preferences.setDataSources(left);
        return null;
      },
    };
  }

  /** Ends what is being prepared. */
  close(): void {
    clearTimeout(this.forgetLater);
    this.tasks.cancelAll();
  }

  private async list(): Promise<DataSetListing[]> {
    const { dataFolder, preferences } = this.host;
    const added = preferences.dataSources().map((path) => this.describe(path));
    return [...(await listBuiltIns(dataFolder)), ...(await Promise.all(added))];
  }

  private async prepare(data: DataSettings): Promise<PreparedData> {
    // Strokes are drawn when a run starts, so there is nothing to bring.
    if (data.source === "strokes") {
      const found = await this.tasks.run(data.source, (work) =>
        checkImages(data, this.options(work)),
      );
      return { ...found, warnings: [] };
    }
    const found = await this.previewer.describe(data);
    if (!this.keepsImages) this.previewer.forget();
    const { count, report } = found;
    const classes = found.classes?.map(({ name }) => name) ?? null;
    return { count, classes, warnings: report.warnings };
  }

  private async add(path: string): Promise<DataSetListing> {
    const { preferences, uploads } = this.host;
    const place = await uploads.keep(path);
    const listing = await this.describe(place);
    // Who chose it knows where it lies; where its copy lies is ours.
    if (listing.state === "broken")
      throw new Error(listing.summary.replaceAll(place, listing.title));
    const others = preferences.dataSources().filter((one) => one !== place);
    preferences.setDataSources([place, ...others]);
    return listing;
  }

  private describe(path: string): Promise<DataSetListing> {
    return this.tasks.run(path, (work) =>
      describePath(path, this.options(work)),
    );
  }

  private load(data: DataSettings): Promise<LoadedImages> {
    this.forgetLater.refresh();
    return this.tasks.run(data.source, (work) =>
      loadImages(data, this.options(work)),
    );
  }

  private options(work: Work): LoadOptions {
    return { dataFolder: this.host.dataFolder, seed: previewSeed, ...work };
  }
}

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
        return plain(400, "The preview's address is not valid.");
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

/** Pictures that were just drawn and are not on disk: the latest few, as PNG, each under an address of its own. */
import { randomUUID } from "node:crypto";
import { fileUrls } from "../../shared/contract/files";
import type { Sheet } from "../../shared/contract/explore";
import type {
  DataSettings,
  SamplingSettings,
} from "../../shared/settings/settings";
import { encodePng, makeGrid } from "../runs/recording/grid";
import type { ImageBatch } from "../runs/recording/grid";
import { sendBytes } from "./files";
import type { FileRoute } from "./files";
import { plain } from "./pages";

/** The window's promise to keep pictures counts on this many. */
const most = 64;

interface DrawnPicture {
  id: string;
  url: string;
  sheet: Sheet;
}

export class Pictures {
  readonly route: FileRoute = {
    method: "GET",
    path: "pictures/:file",
    answer: ({ file }) => Promise.resolve(this.send(file)),
  };
  private readonly kept = new Map<string, Uint8Array<ArrayBuffer>>();

  /** Draws a sheet of tiles. */
  async add(
    images: ImageBatch,
    grid: SamplingSettings["grid"],
    range: DataSettings["range"],
  ): Promise<DrawnPicture> {
    const id = randomUUID();
    const png = await encodePng(makeGrid(images, grid, range));
    this.kept.set(id, Uint8Array.from(png));
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= most) break;
      this.kept.delete(oldest);
    }
    return { id, url: fileUrls.picture(id), sheet: sheetOf(images, grid) };
  }

  /** The PNG; null where newer pictures took its place. */
  find(id: string): Uint8Array<ArrayBuffer> | null {
    return this.kept.get(id) ?? null;
  }

  private send(file: string): Response {
    const bytes = this.find(file.replace(/\.png$/, ""));
    return bytes
      ? sendBytes(bytes, "image/png")
      : plain(404, "This picture is no longer there; draw it again.");
  }
}

/** Where `makeGrid` puts the tiles. */
function sheetOf(
  { count, size }: ImageBatch,
  { perRow, padding }: SamplingSettings["grid"],
): Sheet {
  return {
    count,
    columns: Math.min(perRow, count),
    tile: size,
    padding: count === 1 ? 0 : padding,
  };
}

/** Pictures that somebody added to a run's gallery: `explored/<name>.png` in its folder, with their title beside them. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { fileUrls } from "../../shared/contract/files";
import type { KeptPicture } from "../../shared/contract/explore";
import { writeAtomically } from "../disk/atomic";
import { disk } from "../disk/file-layer";
import { namesIn } from "../disk/names-in";
import type { RunStore } from "../runs/run-store";
import { sendFile } from "./files";
import type { FileRoute } from "./files";
import { plain } from "./pages";
import { readPlain } from "../disk/plain-file";

const nameSchema = z.string().regex(/^[\w-]{1,100}\.png$/);

const noteSchema = z.object({
  title: z.string(),
  sheet: z.object({
    count: z.int(),
    columns: z.int(),
    tile: z.int(),
    padding: z.int(),
  }),
});
type Note = z.infer<typeof noteSchema>;

export class KeptPictures {
  readonly route: FileRoute;

  constructor(private readonly store: Pick<RunStore, "folder" | "library">) {
    this.route = {
      method: "GET",
      path: "runs/:run/explored/:file",
      answer: ({ run, file }, request) => this.send(run, file, request),
    };
  }

  async add(
    run: string,
    name: string,
    png: Uint8Array,
    note: Note,
  ): Promise<KeptPicture> {
    const file = this.file(run, name);
    await mkdir(this.folder(run), { recursive: true });
    await writeAtomically(disk, noteFile(file), JSON.stringify(note));
    await writeAtomically(disk, file, png);
    return describe(run, name, note);
  }

  /** By name. */
  async list(run: string): Promise<KeptPicture[]> {
    const names = (await namesIn(this.folder(run))).filter(isName).sort();
    return Promise.all(
      names.map(async (name) =>
        describe(run, name, await readNote(this.file(run, name))),
      ),
    );
  }

  async remove(run: string, name: string): Promise<void> {
    const file = this.file(run, name);
    await rm(file, { force: true });
    await rm(noteFile(file), { force: true });
  }

  private async send(
    run: string,
    name: string,
    request: Request,
  ): Promise<Response> {
    if (!isName(name)) return plain(404, "There is no such picture.");
    const place = { folder: this.store.library, path: this.file(run, name) };
    return sendFile({ ...place, type: "image/png" }, request);
  }

  private folder(run: string): string {
    return join(this.store.folder(run), "explored");
  }

  private file(run: string, name: string): string {
    return join(this.folder(run), nameSchema.parse(name));
  }
}

function isName(text: string): boolean {
  return nameSchema.safeParse(text).success;
}

function describe(run: string, name: string, note: Note): KeptPicture {
  return { name, url: fileUrls.explored(run, name), ...note };
}

function noteFile(picture: string): string {
  return picture.replace(/\.png$/, ".json");
}

/** A picture whose note is lost or broken is one tile without a title. */
async function readNote(picture: string): Promise<Note> {
  try {
    return noteSchema.parse(
      JSON.parse(String(await readPlain(noteFile(picture)))),
    );
  } catch {
    const sheet = { count: 1, columns: 1, tile: 1, padding: 0 };
    return { title: "A kept picture", sheet };
  }
}

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

export interface KeptPictures {
  add(
    run: string,
    name: string,
    png: Uint8Array,
    note: Note,
  ): Promise<KeptPicture>;
  /** By name. */
  list(run: string): Promise<KeptPicture[]>;
  remove(run: string, name: string): Promise<void>;
  route: FileRoute;
}

export function createKeptPictures(
  store: Pick<RunStore, "folder" | "library">,
): KeptPictures {
  const folder = (run: string) => join(store.folder(run), "explored");
  const file = (run: string, name: string) =>
    join(folder(run), nameSchema.parse(name));
  const describe = (run: string, name: string, note: Note): KeptPicture => ({
    name,
    url: fileUrls.explored(run, name),
    ...note,
  });

  return {
    async add(run, name, png, note) {
      await mkdir(folder(run), { recursive: true });
      await writeAtomically(
        disk,
        noteFile(file(run, name)),
        JSON.stringify(note),
      );
      await writeAtomically(disk, file(run, name), png);
      return describe(run, name, note);
    },
    async list(run) {
      const names = await namesIn(folder(run));
      const pictures = names.filter(
        (name) => nameSchema.safeParse(name).success,
      );
      return Promise.all(
        pictures
          .sort()
          .map(async (name) =>
            describe(run, name, await readNote(file(run, name))),
          ),
      );
    },
    async remove(run, name) {
      await rm(file(run, name), { force: true });
      await rm(noteFile(file(run, name)), { force: true });
    },
    route: {
      method: "GET",
      path: "runs/:run/explored/:file",
      async answer({ run, file: name }, request) {
        if (!nameSchema.safeParse(name).success)
          return plain(404, "There is no such picture.");
        const place = { folder: store.library, path: file(run, name) };
        return sendFile({ ...place, type: "image/png" }, request);
      },
    },
  };
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

/**
 * Files that a browser hands over to be imported: dropped or chosen ones, one or a folder's worth. They wait in a folder
 * of their own until the import has read them.
 */
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { errorCode } from "../../shared/errors";
import { namesIn } from "../disk/names-in";
import { explainCode } from "../runs/recording/telling";
import type { FileRoute } from "./files";
import { plain, securityHeaders } from "./pages";

const largestUpload = 16 * 2 ** 30;
/** A folder that a browser hands over is not deeper, and no system takes longer names. */
const deepest = 32;
const longestName = 255;
const forgottenAfter = 2 * 24 * 60 * 60 * 1000;

export class Uploads {
  readonly route: FileRoute;

  constructor(
    private readonly folder: string,
    /** Where uploads go that shall stay. */
    private readonly kept: string,
  ) {
    this.route = {
      method: "POST",
      path: "uploads/:upload/*",
      answer: ({ upload, rest }, request) => this.take(upload, rest, request),
    };
  }

  /** Deletes an upload once it was imported; false, and nothing is done, where the path is no upload. */
  async discard(path: string): Promise<boolean> {
    const upload = this.uploadOf(path);
    if (upload === null) return false;
    await rm(join(this.folder, upload), { recursive: true, force: true });
    return true;
  }

  /** Moves an upload that shall stay; gives where it is now. Paths elsewhere stay where they are. */
  async keep(path: string): Promise<string> {
    const upload = this.uploadOf(path);
    if (upload === null) return path;
    const from = join(this.folder, upload);
    const to = join(this.kept, upload);
    await mkdir(this.kept, { recursive: true });
    await rename(from, to);
    return join(to, relative(from, path));
  }

  /** Deletes what was uploaded days ago and never used: the process that took it is gone. */
  async clear(): Promise<void> {
    for (const upload of await namesIn(this.folder)) {
      const path = join(this.folder, upload);
      const { mtimeMs } = await stat(path);
      if (Date.now() - mtimeMs > forgottenAfter)
        await rm(path, { recursive: true, force: true });
    }
  }

  private async take(
    upload: string,
    name: string,
    { body }: Request,
  ): Promise<Response> {
    if (!/^[a-z0-9-]{8,64}$/i.test(upload))
      return plain(400, "An upload needs a name of letters and digits.");
    if (body === null)
      return plain(400, "An upload needs the file as its body.");
    const names = name.split("/");
    if (names.length > deepest || names.some(isTooLong))
      return plain(
        400,
        `The name of an upload may be ${deepest} folders deep, and each of them ${longestName} bytes long.`,
      );
    const path = join(this.folder, upload, name);
    try {
      await mkdir(dirname(path), { recursive: true });
      await save(body as ReadableStream, path);
    } catch (error) {
      if (errorCode(error) !== "EEXIST") throw error;
      return plain(409, "This upload has a file of that name already.");
    }
    return Response.json(
      { path: join(this.folder, upload, names[0]) },
      { headers: securityHeaders },
    );
  }

  private uploadOf(path: string): string | null {
    const [upload, inside] = relative(this.folder, path).split(sep);
    return inside === undefined || upload === ".." ? null : upload;
  }
}

/** Whole or not at all: half of one would take the room that a full disk lacks. */
async function save(body: ReadableStream, path: string): Promise<void> {
  const file = (await open(path, "wx")).createWriteStream();
  try {
    await pipeline(Readable.fromWeb(body), limit(largestUpload), file);
  } catch (error) {
    await rm(path, { force: true });
    const reason = explainCode(errorCode(error));
    if (reason === null) throw error;
    throw new Error(`The upload could not be kept: ${reason}.`, {
      cause: error,
    });
  }
}

function isTooLong(name: string): boolean {
  return Buffer.byteLength(name) > longestName;
}

function limit(bytes: number): Transform {
  let left = bytes;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      left -= chunk.byteLength;
      done(left < 0 ? new Error("The file is too large.") : null, chunk);
    },
  });
}

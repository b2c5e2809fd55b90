/**
 * A file that only grows, by whole pieces: where a write fails half-way (a full disk), the half is cut off again before
 * anything else is written, so that trying again later leaves no damage behind. Where the file itself was deleted or
 * replaced, it is written again from what is still open; where somebody cut it, what is whole of it stays.
 */
import { open, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { errorCode } from "../../shared/errors";
import { replaceAtomically } from "./atomic";
import type { FileLayer, OpenFile } from "./file-layer";

export class AppendFile {
  private torn = false;
  /** The file was not where it had been, and was written again. */
  onRewritten: () => void = () => undefined;
  /** Somebody cut its end off. */
  onCut: () => void = () => undefined;

  private constructor(
    private readonly files: FileLayer,
    private readonly path: string,
    private readonly wholeEnd: WholeEnd,
    private opened: Opened,
    private length: number,
  ) {}

  static async open(
    files: FileLayer,
    path: string,
    wholeEnd: WholeEnd,
  ): Promise<AppendFile> {
    const opened = await openBoth(files, path);
    return new AppendFile(files, path, wholeEnd, opened, opened.size);
  }

  /** Bytes that are whole. */
  get size(): number {
    return this.length;
  }

  /** All of it or, after a failure and as soon as the disk allows, none of it. */
  async append(bytes: Uint8Array): Promise<void> {
    await this.repair();
    this.torn = true;
    try {
      await this.opened.file.write(bytes);
    } catch (error) {
      // Tried at once, because the process may end before the next append.
      await this.cutTorn().catch(() => undefined);
      throw error;
    }
    this.torn = false;
    this.length += bytes.length;
  }

  async sync(): Promise<void> {
    await this.repair();
    await this.opened.file.sync();
  }

  async close(): Promise<void> {
    await closeBoth(this.opened);
  }

  private async repair(): Promise<void> {
    await this.cutTorn();
    const found = await look(this.path);
    if (found === null || found.identity !== this.opened.identity)
      await this.writeAgain();
    else if (found.size < this.length) await this.keepWhole();
  }

  private async keepWhole(): Promise<void> {
    this.length = await this.wholeEnd(this.path);
    await this.opened.file.truncate(this.length);
    this.onCut();
  }

  private async cutTorn(): Promise<void> {
    if (!this.torn) return;
    await this.opened.file.truncate(this.length);
    this.torn = false;
  }

  /** A deleted file lives on while it is open. */
  private async writeAgain(): Promise<void> {
    const before = this.opened;
    const { length } = this;
    await replaceAtomically(this.files, this.path, async (file) => {
      if (length === 0) return;
      const stream = before.reader.createReadStream({
        start: 0,
        end: length - 1,
        autoClose: false,
      });
      for await (const chunk of stream) await file.write(chunk as Uint8Array);
    });
    this.opened = await openBoth(this.files, this.path);
    await closeBoth(before);
    this.onRewritten();
  }
}

/** Where the last whole piece of a file ends. */
type WholeEnd = (path: string) => Promise<number>;

/** A file that is written, and a second handle to read it even when it has no name any more. */
interface Opened {
  file: OpenFile;
  reader: FileHandle;
  identity: string | undefined;
  size: number;
}

async function openBoth(files: FileLayer, path: string): Promise<Opened> {
  const file = await files.open(path, "append");
  try {
    const reader = await open(path, "r");
    const { size } = await reader.stat();
    return { file, reader, size, identity: (await look(path))?.identity };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function closeBoth({ file, reader }: Opened): Promise<void> {
  await reader.close();
  await file.close();
}

/** What tells the file at a path from any other that was or will be there, and its size; null where there is none. */
async function look(
  path: string,
): Promise<{ identity: string; size: number } | null> {
  try {
    const { dev, ino, size } = await stat(path);
    return { identity: `${dev} ${ino}`, size };
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
}

/**
 * Every change that this folder makes to the disk goes through here, so that a test can make any one of them fail.
 * Reading goes straight to `node:fs`.
 */
import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { errorCode } from "../../shared/errors";

export interface FileLayer {
  /** `create` fails where the file exists, `append` makes it where it does not, `edit` needs it. */
  open(path: string, mode: "create" | "append" | "edit"): Promise<OpenFile>;
  rename(from: string, to: string): Promise<void>;
  /** A copy of its own; fails where the target exists. */
  copy(from: string, to: string): Promise<void>;
  /** A file or a folder with all that is in it; what is not there counts as removed. */
  remove(path: string): Promise<void>;
  /** With its parents; one that is there already is fine. */
  makeFolder(path: string): Promise<void>;
  /** In a folder that must be there; one that is there already is fine. */
  makeSubfolder(path: string): Promise<void>;
  /** Makes names that appeared or vanished in a folder survive a power cut. */
  syncFolder(path: string): Promise<void>;
  /** Resolves when it is time to try again after the disk was full, or at the signal. */
  waitForRoom(signal: AbortSignal): Promise<void>;
}

export interface OpenFile {
  /** Writes all of it, or rejects with some of it written. */
  write(bytes: Uint8Array): Promise<void>;
  truncate(length: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

const flags = { create: "wx", append: "a", edit: "r+" } as const;

/** The real disk. */
export const disk: FileLayer = {
  async open(path, mode) {
    return new DiskFile(await fs.open(path, flags[mode]));
  },
  rename: (from, to) => fs.rename(from, to),
  copy: (from, to) => fs.copyFile(from, to, constants.COPYFILE_EXCL),
  remove: (path) => fs.rm(path, { recursive: true, force: true }),
  makeFolder: (path) => makeFolder(path),
  async makeSubfolder(path) {
    await fs.mkdir(path).catch(async (error: unknown) => {
      if (!(await isFolder(path))) throw error;
    });
  },
  async syncFolder(path) {
    // Windows cannot open folders, and its rename needs no such call.
    if (process.platform === "win32") return;
    const folder = await fs.open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  async waitForRoom(signal) {
    await setTimeout(1000, null, { signal }).catch(() => undefined);
  },
};

/** Not `recursive`, with which Node tries for ever below folders like /proc, where nothing can be made. */
async function makeFolder(path: string, isAgain = false): Promise<void> {
  try {
    await fs.mkdir(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" && !(await isFolder(dirname(path)))) {
      await makeFolder(dirname(path));
      await makeFolder(path);
    } else if (code === "ENOENT" && !isAgain) {
      // Somebody else may have made the folder above just now.
      await makeFolder(path, true);
    } else if (code === "ENOENT") {
      // The folder above is there, and takes none: what /proc says of itself is misleading.
      throw Object.assign(new Error(`${path} cannot be made`), {
        code: "EPERM",
      });
    } else if (!(await isFolder(path))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return fs.stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

class DiskFile implements OpenFile {
  constructor(private readonly handle: fs.FileHandle) {}

  async write(bytes: Uint8Array): Promise<void> {
    let offset = 0;
    while (offset < bytes.length) {
      const { bytesWritten } = await this.handle.write(bytes, offset);
      offset += bytesWritten;
    }
  }

  truncate(length: number): Promise<void> {
    return this.handle.truncate(length);
  }

  sync(): Promise<void> {
    return this.handle.sync();
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

/**
 * A file that only grows, by whole pieces: where a write fails half-way (a full disk), the half is cut off again before
 * anything else is written, so that trying again later leaves no damage behind.
 */
import { stat } from "node:fs/promises";
import type { FileLayer, OpenFile } from "./file-layer";

export class AppendFile {
  private torn = false;

  private constructor(
    private readonly file: OpenFile,
    private length: number,
  ) {}

  static async open(files: FileLayer, path: string): Promise<AppendFile> {
    const file = await files.open(path, "append");
    try {
      return new AppendFile(file, (await stat(path)).size);
    } catch (error) {
      await file.close();
      throw error;
    }
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
      await this.file.write(bytes);
    } catch (error) {
      // Tried at once, because the process may end before the next append.
      await this.repair().catch(() => undefined);
      throw error;
    }
    this.torn = false;
    this.length += bytes.length;
  }

  async sync(): Promise<void> {
    await this.repair();
    await this.file.sync();
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private async repair(): Promise<void> {
    if (!this.torn) return;
    await this.file.truncate(this.length);
    this.torn = false;
  }
}

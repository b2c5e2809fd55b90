/** A disk that remembers its operations, and on which a chosen one fails: the n-th, whatever it is. */
import { disk } from "../../src/main/disk/file-layer";
import type { FileLayer, OpenFile } from "../../src/main/disk/file-layer";

export type FaultCode =
  | "EIO"
  | "ENOSPC"
  | "EDQUOT"
  | "EACCES"
  | "EMFILE"
  | "ENFILE";

export class FaultyLayer implements FileLayer {
  /** Those so far, failed ones too: `sync /runs/1/run.json`. */
  readonly operations: string[] = [];
  /** What failed: `rename run.json`. */
  failed: string | null = null;
  private from = Infinity;
  private to = Infinity;
  private code: FaultCode = "EIO";

  /** The n-th operation from now on fails, counted from 1; `times` in a row. */
  failAt(n: number, code: FaultCode, times = 1): void {
    this.from = this.operations.length + n;
    this.to = this.from + times;
    this.code = code;
  }

  async open(
    path: string,
    mode: "create" | "append" | "edit",
  ): Promise<OpenFile> {
    this.step(`open ${path}`);
    const file = await disk.open(path, mode);
    return {
      write: async (bytes) => {
        // A full disk takes what fits.
        if (this.isNext) await file.write(bytes.subarray(0, bytes.length >> 1));
        this.step(`write ${path}`);
        await file.write(bytes);
      },
      truncate: async (length) => {
        this.step(`truncate ${path}`);
        await file.truncate(length);
      },
      // Not handed on: it is what makes the tests slow, and no test cuts the power.
      sync: async () => this.step(`sync ${path}`),
      close: () => file.close(),
    };
  }

  async rename(from: string, to: string): Promise<void> {
    this.step(`rename ${to}`);
    await disk.rename(from, to);
  }

  async copy(from: string, to: string): Promise<void> {
    this.step(`copy ${to}`);
    await disk.copy(from, to);
  }

  async remove(path: string): Promise<void> {
    this.step(`remove ${path}`);
    await disk.remove(path);
  }

  async makeFolder(path: string): Promise<void> {
    this.step(`makeFolder ${path}`);
    await disk.makeFolder(path);
  }

  async makeSubfolder(path: string): Promise<void> {
    this.step(`makeSubfolder ${path}`);
    await disk.makeSubfolder(path);
  }

  async syncFolder(path: string): Promise<void> {
    this.step(`syncFolder ${path}`);
  }

  async waitForRoom(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }

  private get isNext(): boolean {
    const next = this.operations.length + 1;
    return next >= this.from && next < this.to;
  }

  private step(operation: string): void {
    const fails = this.isNext;
    this.operations.push(operation);
    if (!fails) return;
    this.failed = operation;
    throw Object.assign(new Error(`${this.code}: ${operation}`), {
      code: this.code,
    });
  }
}

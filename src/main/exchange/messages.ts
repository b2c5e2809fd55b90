/** What the host asks of an exchange thread, which is there for one job. */
import type { ExportRequest } from "../../shared/contract/exports";
import { trustedCall } from "../../shared/rpc";
import type { LeftOut } from "../export/job";

export interface ImportOrder {
  library: string;
  /** What is taken in. */
  path: string;
  /** Of a table: the column that counts the steps; null finds it. */
  stepColumn: string | null;
}

export interface ExportOrder {
  library: string;
  request: ExportRequest;
  /** Where it goes. */
  path: string;
  force: boolean;
  asArchive: boolean;
}

export interface PreviewOrder {
  library: string;
  /** As `previewRequest` makes it. */
  request: ExportRequest;
  /** Of a text so many bytes are enough; null for all of it. */
  most: number | null;
}

export interface JobOptions {
  signal?: AbortSignal;
  /** So many more pictures, or files of data, are done. */
  advance?: (count: number) => void;
  /** A file that an export does without. */
  leaveOut?: (file: LeftOut) => void;
}

/** How an export goes: so many more pictures, or files of data, are done; or one file is left out. */
export type ExchangeProgress =
  | { type: "advance"; count: number }
  | { type: "left-out"; file: LeftOut };

export const exchangeContract = {
  exchange: {
    /** The new run's id. */
    import: trustedCall<ImportOrder, string>(),
    /** The bytes that were written. */
    export: trustedCall<ExportOrder, number, ExchangeProgress>(),
    /** A picture, a page or the beginning of a text. */
    preview: trustedCall<PreviewOrder, Uint8Array<ArrayBuffer>>(),
  },
};

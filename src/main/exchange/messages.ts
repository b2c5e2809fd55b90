/** What an exchange thread is told and tells: one job, then how it goes and how it ends. */
import type { ExportRequest } from "../../shared/contract/exports";
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

export type ExchangeJob =
  ({ kind: "import" } & ImportOrder) | ({ kind: "export" } & ExportOrder);

export interface JobOptions {
  signal?: AbortSignal;
  /** So many more pictures, or files of data, are done. */
  advance?: (count: number) => void;
  /** A file that an export does without. */
  leaveOut?: (file: LeftOut) => void;
}

export type ToExchange =
  { type: "begin"; job: ExchangeJob } | { type: "cancel" };

export type FromExchange =
  | { type: "advance"; count: number }
  | { type: "left-out"; file: LeftOut }
  /** The id of an imported run, or the bytes of an export. */
  | { type: "done"; value: string | number }
  | { type: "failed"; sentence: string };

/**
 * Reads an event file from where it was last read: whole records are given on, damaged ones counted and skipped, and a
 * tail that is torn is taken as "the rest is not there yet".
 */
import { stat } from "node:fs/promises";
import { RunError } from "../../run-error";
import { scanRecords } from "./records";
import { openPlain } from "../../../disk/plain-file";

/** Bytes read at once. */
const pieceBytes = 4 << 20;

export interface LogReading {
  /** Where to go on; behind the last whole record. */
  offset: number;
  /** How many places held bytes that are no record. */
  damaged: number;
}

/**
 * Gives the data of each whole record from `offset` on to `take`, with the place where it begins. A record for which
 * `take` throws counts as damaged. Rejects where the file cannot be read, or with a RunError of `take`.
 */
export async function readLog(
  path: string,
  offset: number,
  take: (data: Uint8Array, start: number) => void,
): Promise<LogReading> {
  const { size } = await stat(path);
  const reading = { offset, damaged: 0 };
  if (size <= offset) return reading;
  const file = await openPlain(path);
  try {
    let bytes = pieceBytes;
    while (reading.offset < size) {
      const length = Math.min(bytes, size - reading.offset);
      const piece = new Uint8Array(length);
      const { bytesRead } = await file.read(piece, 0, length, reading.offset);
      const read = takePiece(
        piece.subarray(0, bytesRead),
        size - reading.offset,
        reading.offset,
        take,
      );
      reading.damaged += read.damaged;
      reading.offset += read.consumed;
      if (read.consumed > 0) bytes = pieceBytes;
      else if (bytesRead < length || reading.offset + length >= size) break;
      // The record is larger than the piece.
      else bytes = Math.min(2 * bytes, size - reading.offset);
    }
  } finally {
    await file.close();
  }
  return reading;
}

function takePiece(
  piece: Uint8Array,
  limit: number,
  base: number,
  take: (data: Uint8Array, start: number) => void,
): { consumed: number; damaged: number } {
  let damaged = 0;
  const records = scanRecords(piece, limit);
  for (;;) {
    const next = records.next();
    if (next.done) return { consumed: next.value, damaged };
    const record = next.value;
    if (record.kind === "damaged") damaged++;
    else {
      try {
        take(record.data, base + record.start);
      } catch (error) {
        if (error instanceof RunError) throw error;
        damaged++;
      }
    }
  }
}

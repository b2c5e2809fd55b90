/** Which process trains a run. */
import { setTimeout } from "node:timers/promises";
import { isActive } from "../../../shared/run";
import { lockHolder } from "../../disk/lock";
import type { LockOwner } from "../../disk/lock";
import { RunError } from "../run-error";
import { lockFile } from "./layout";
import { readRecord } from "./record";

const lookAgainAfterMs = 20;
const patienceMs = 5_000;

/** Null where nobody does. A run whose record says that it has ended is let go of in a moment: that is waited for. */
export async function trainerOf(
  folder: string,
): Promise<LockOwner | "unknown" | null> {
  const giveUp = performance.now() + patienceMs;
  for (;;) {
    const holder = await lockHolder(lockFile(folder));
    const isEnding = holder !== null && hasEnded(folder);
    if (!isEnding || performance.now() > giveUp) return holder;
    await setTimeout(lookAgainAfterMs);
  }
}

function hasEnded(folder: string): boolean {
  try {
    return !isActive(readRecord(folder).state);
  } catch (error) {
    // Of a damaged record nothing is known.
    if (error instanceof RunError) return false;
    throw error;
  }
}

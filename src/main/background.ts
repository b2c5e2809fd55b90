/** Training takes the cores that nothing else wants, so that a window stays smooth while it watches. */
import { readlinkSync } from "node:fs";
import { constants, setPriority } from "node:os";

/**
 * Lowers the priority of the calling thread. Only Linux has one for each thread, which the threads that the engine
 * starts later inherit; elsewhere, where the system refuses, and with GAN_WORKBENCH_PRIORITY=normal nothing changes.
 */
export function goToTheBackground(): void {
  const isKept = process.env.GAN_WORKBENCH_PRIORITY === "normal";
  if (process.platform !== "linux" || isKept) return;
  try {
    // PROCESS/task/THREAD
    const thread = Number(readlinkSync("/proc/thread-self").split("/")[2]);
    if (thread > 0)
      setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A container may hide /proc; training is then as important as everything else.
  }
}

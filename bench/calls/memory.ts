/** The most memory that a process has held, as Linux counts it: proc_pid_status(5) and proc(5), `clear_refs`. */
import { readFile, writeFile } from "node:fs/promises";

/** From now on the most is counted anew. */
export async function forgetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, "5");
}

/** In megabytes of 10^6 bytes. */
export async function peakMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return (Number(/VmHWM:\s*(\d+)/.exec(status)?.[1]) * 1024) / 1e6;
}

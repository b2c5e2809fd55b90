/**
 * How long a test of an engine may take. Compilers and a GPU in software take seconds on an idle machine and minutes on a
 * busy one, so the limit is that of this machine: it finds what hangs, and says nothing of speed.
 */
import { availableParallelism, loadavg } from "node:os";
import { vi } from "vitest";

const idle = 180_000;
const longest = 1_200_000;

/** For all tests and hooks of the file that asks, from there on. */
export function bePatient(): void {
  const busy = Math.max(1, loadavg()[0] / availableParallelism());
  const limit = Math.min(longest, Math.round(idle * busy));
  vi.setConfig({ testTimeout: limit, hookTimeout: limit });
}

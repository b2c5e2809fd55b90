/**
 * Continuous integration shares its cores, where all that a test waits for may last many times as long: each wait has
 * four times its limit there. A wait that is met takes no longer by it.
 */
import { expect, vi } from "vitest";

const times = process.env.CI ? 4 : 1;
/** Vitest's own limit, in milliseconds. */
const usual = 1000;

interface Limits {
  timeout?: number;
  interval?: number;
}

function longer(limit: number | Limits = usual): Limits {
  const limits = typeof limit === "number" ? { timeout: limit } : limit;
  return { ...limits, timeout: (limits.timeout ?? usual) * times };
}

// Files that share a process share these too, and are each set up.
const marked = globalThis as { hasPatience?: boolean };
if (!marked.hasPatience) {
  marked.hasPatience = true;
  const { waitFor, waitUntil } = vi;
  const { poll } = expect;
  vi.waitFor = (callback, limit) => waitFor(callback, longer(limit));
  vi.waitUntil = (callback, limit) => waitUntil(callback, longer(limit));
  expect.poll = (callback, limit) => poll(callback, longer(limit));
}

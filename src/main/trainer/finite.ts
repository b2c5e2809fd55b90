/** Looking for NaN and infinity, fast enough to do it at every log line. */
import type { ModelState } from "../engine/engine";

/** Whether no value is NaN or infinite. */
export function allFinite(values: Float32Array): boolean {
  // Zero times anything finite is zero; one broken value makes the sum NaN. No branch in the loop.
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * 0;
  return sum === 0;
}

/** The name of the first tensor with a broken value, or null. */
export function brokenTensor(state: ModelState): string | null {
  for (const [name, { data }] of state) if (!allFinite(data)) return name;
  return null;
}

/** Looking for NaN and infinity, fast enough to do it at every log line. */
import type { ModelState } from "../engine/engine";

/** Whether no value is NaN or infinite. */
export function allFinite(values: Float32Array): boolean {
  // Zero times anything finite is zero; one broken value makes the sum NaN. No branch in the loop, and no sum that waits
  // for the one before.
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = values.length - (values.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += values[i] * 0;
    b += values[i + 1] * 0;
    c += values[i + 2] * 0;
    d += values[i + 3] * 0;
  }
  for (let i = whole; i < values.length; i++) a += values[i] * 0;
  return a + b + c + d === 0;
}

/** The name of the first tensor with a broken value, or null. */
export function brokenTensor(state: ModelState): string | null {
  for (const [name, { data }] of state) if (!allFinite(data)) return name;
  return null;
}

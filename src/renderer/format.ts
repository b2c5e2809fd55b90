/** Numbers, times and counts as the window writes them. */

/** `18,740`. */
export function formatCount(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** `0:07`, `12:31`, `3:05:00`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, "0");
  return hours > 0
    ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}`
    : `${minutes}:${rest}`;
}

/** `just now`, `12 min ago`, `3 h ago`, `4 d ago`, then the date. */
export function formatAge(iso: string, now = Date.now()): string {
  const seconds = (now - Date.parse(iso)) / 1000;
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  if (seconds < 7 * 86_400) return `${Math.floor(seconds / 86_400)} d ago`;
  return iso.slice(0, 10);
}

/** `812 steps/s`, `3.2 steps/s`, `4.1 s a step`. */
export function formatSpeed(stepsPerSecond: number): string {
  if (stepsPerSecond >= 100) return `${formatCount(stepsPerSecond)} steps/s`;
  if (stepsPerSecond >= 1) return `${stepsPerSecond.toFixed(1)} steps/s`;
  if (stepsPerSecond > 0) return `${(1 / stepsPerSecond).toFixed(1)} s a step`;
  return "– steps/s";
}

/** `1.2 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["kB", "MB", "GB"];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** `one run`, `3 runs`. */
export function formatPlural(
  count: number,
  one: string,
  many = `${one}s`,
): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

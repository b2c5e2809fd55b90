/** Times as StyleGAN and its heirs print them, `25s`, `1m 20s`, `1h 02m 03s`, `1d 02h 03m`: in seconds, as a number. */

/** One that has several parts, or stands behind a word for it. */
const duration =
  /(?<![\w.])(?=\d+[dhm] +\d+[hms]\b|(?<=\b(?:time|elapsed):? +)\d+s\b)(?:(\d+)d *)?(?:(\d+)h *)?(?:(\d+)m *)?(?:(\d+(?:\.\d+)?)s)?(?!\w)/gi;
const unitSeconds = [86_400, 3_600, 60, 1];

/** With a decimal point, so that it is not taken for what a loop counts. */
export function withDurationsAsSeconds(line: string): string {
  return line.replace(duration, (whole, ...parts: (string | undefined)[]) => {
    const seconds = unitSeconds
      .map((unit, index) => unit * Number(parts[index] ?? 0))
      .reduce((sum, one) => sum + one, 0);
    return `${seconds.toFixed(1)}${/ $/.test(whole) ? " " : ""}`;
  });
}

/** Times that say how long something took, in seconds. */
import { inDay } from "./dates";

export const daySeconds = 86_400;

/** `1 day, 2:03:04.5`, as Python prints a timedelta; `2:03:04 PM`; `1d 02h 03m 04s`, `350 ms`. */
export function durationOf(text: string): number | null {
  const clock =
    /^(?:(\d+) days?,? )?(\d+):(\d\d):(\d\d(?:[.,]\d+)?)(?:\s*([ap])\.?m\.?)?$/i.exec(
      text,
    );
  if (clock) {
    const [days, hours, minutes, seconds] = clock.slice(1, 5).map(secondsIn);
    const hour = inDay(hours, clock[5] as string | undefined);
    return days * daySeconds + hour * 3600 + minutes * 60 + seconds;
  }
  const units =
    /^(?:(\d+)\s*d(?:ays?)?[\s,]*)?(?:(\d+)\s*h(?:ours?|rs?)?[\s,]*)?(?:(\d+)\s*m(?:in(?:ute)?s?)?[\s,]*)?(?:([\d.]+)\s*(m)?s(?:ec(?:ond)?s?)?)?$/i.exec(
      text,
    );
  if (!units || text === "") return null;
  const [days, hours, minutes, seconds] = units.slice(1, 5).map(secondsIn);
  const rest = units[5] ? seconds / 1000 : seconds;
  return days * daySeconds + hours * 3600 + minutes * 60 + rest;
}

function secondsIn(part: string | undefined): number {
  return Number((part ?? "0").replace(",", "."));
}

/** One in a printed line that has several parts, or stands behind a word for it. */
const printed =
  /(?<![\w.])(?=\d+[dhm] +\d+[hms]\b|(?<=\b(?:time|elapsed):? +)\d+s\b)(?:\d+d *)?(?:\d+h *)?(?:\d+m *)?(?:\d+(?:\.\d+)?s)?(?!\w)/gi;

/** A printed line in which StyleGAN's `1m 20s` is `80.0`: with a point, so that it is not taken for what a loop counts. */
export function withDurationsAsSeconds(line: string): string {
  return line.replace(printed, (whole) => {
    const seconds = durationOf(whole.trim());
    const gap = / $/.test(whole) ? " " : "";
    return seconds === null ? whole : `${seconds.toFixed(1)}${gap}`;
  });
}

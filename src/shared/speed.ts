/** How fast a long task goes, from what it reports now and then: over the last seconds, so that a stall shows. */

export interface Speed {
  perSecond: number;
  /** Null where the end is not known. */
  secondsLeft: number | null;
}

interface Report {
  title: string;
  done: number;
  total: number | null;
}

const windowSeconds = 5;

export class Speedometer {
  private title = "";
  private marks: { done: number; seconds: number }[] = [];

  /** Takes a report and the time in seconds; gives null until half a second has been seen. */
  take({ title, done, total }: Report, seconds: number): Speed | null {
    const last = this.marks.at(-1);
    // A new file, or one that begins again.
    if (title !== this.title || (last && done < last.done)) this.marks = [];
    this.title = title;
    this.marks.push({ done, seconds });
    while (
      this.marks.length > 2 &&
      this.marks[1].seconds < seconds - windowSeconds
    )
      this.marks.shift();
    const elapsed = seconds - this.marks[0].seconds;
    if (elapsed < 0.5) return null;
    const perSecond = (done - this.marks[0].done) / elapsed;
    const left = total === null || perSecond <= 0 ? null : total - done;
    return { perSecond, secondsLeft: left && left / perSecond };
  }
}

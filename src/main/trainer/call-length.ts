/**
 * How many steps a call may take: Pause and Stop wait for its end, and what takes a fast and idle processor a quarter of a second
 * takes others two. Steps are the same bits however they are cut.
 */

/** In seconds; under a quarter of it a call may grow again. */
const longest = 0.4;
/** One slow call may have been compiled, or disturbed. */
const inRow = 3;

export class CallLength {
  private halvings = 0;
  private slow = 0;
  private fast = 0;

  /** At most `preferred`, from one update of the generator to the next where that is possible. */
  steps(preferred: number, generatorEvery: number): number {
    const most = Math.max(1, Math.floor(preferred / 2 ** this.halvings));
    return most < generatorEvery ? most : most - (most % generatorEvery);
  }

  /** To be told of every call. */
  record(steps: number, seconds: number): void {
    this.slow = seconds > longest && steps > 1 ? this.slow + 1 : 0;
    this.fast = seconds < longest / 4 ? this.fast + 1 : 0;
    if (this.slow >= inRow) this.change(1);
    else if (this.fast >= inRow && this.halvings > 0) this.change(-1);
  }

  private change(by: 1 | -1): void {
    this.halvings += by;
    this.slow = this.fast = 0;
  }
}

/** Which images each batch holds: every image once an epoch, or a fresh draw each step. */
import type { Random, RandomState } from "../../shared/random";
import type { Schedule as ScheduleSettings } from "../../shared/settings/settings";

export class DataOrder {
  /** The stream's state when the current permutation was drawn. */
  epochOrder: RandomState;
  private permutation: Uint32Array | null = null;

  constructor(
    private readonly random: Random,
    private readonly kind: ScheduleSettings["order"],
    private readonly count: number,
    /** To draw the permutation of an epoch that has already begun; null where none has. */
    resumed: Random | null,
  ) {
    this.epochOrder = (resumed ?? random).state;
    if (kind === "random") this.permutation = identity(count);
    else if (resumed) this.permutation = resumed.permutation(count);
  }

  /**
   * Writes the indices of one batch. `first` is how many images of the epoch came before it; zero begins an epoch.
   */
  fill(target: Uint32Array, first: number): void {
    if (this.kind === "random") {
      this.fillRandomly(target);
      return;
    }
    if (first === 0 || !this.permutation) {
      this.epochOrder = this.random.state;
      this.permutation = this.random.permutation(this.count);
    }
    target.set(this.permutation.subarray(first, first + target.length));
  }

  /** Different images within the batch, as the first batch of a newly shuffled loader has: a partial Fisher-Yates. */
  private fillRandomly(target: Uint32Array): void {
    const deck = this.permutation ?? identity(this.count);
    const swaps = new Uint32Array(target.length);
    for (let i = 0; i < target.length; i++) {
      const j = i + this.random.below(this.count - i);
      swaps[i] = j;
      [deck[i], deck[j]] = [deck[j], deck[i]];
      target[i] = deck[i];
    }
    // Undone, so that the deck is no state which a checkpoint would have to keep.
    for (let i = target.length - 1; i >= 0; i--) {
      const j = swaps[i];
      [deck[i], deck[j]] = [deck[j], deck[i]];
    }
  }
}

function identity(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, index) => index);
}

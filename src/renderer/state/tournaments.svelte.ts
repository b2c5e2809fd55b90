/** The tournaments that were played in this window, and the one under way, which goes on while other views are shown. */
import { SvelteMap } from "svelte/reactivity";
import { errorMessage } from "../../shared/errors";
import type { AppClient } from "../../shared/contract/index";
import type { FooledAnswer } from "../../shared/contract/tournament";
import type { Tournament } from "../../shared/tournament/tournament";

export interface Entrant {
  run: string;
  step: number;
}

/** Results kept; each is a small table. */
const mostKept = 32;

export class Tournaments {
  private readonly kept = new SvelteMap<string, Tournament>();
  /** The one that is played now. */
  private playing = $state<string | null>(null);
  /** Why the last one gave nothing, in one sentence. */
  failure = $state<string | null>(null);
  private isCancelled = false;

  constructor(private readonly client: AppClient) {}

  get busy(): boolean {
    return this.playing !== null;
  }

  /** Null until it was played. */
  find(entrants: readonly Entrant[], images: number): Tournament | null {
    return this.kept.get(keyOf(entrants, images)) ?? null;
  }

  isPlaying(entrants: readonly Entrant[], images: number): boolean {
    return this.playing === keyOf(entrants, images);
  }

  async play(entrants: readonly Entrant[], images: number): Promise<void> {
    if (this.playing !== null) return;
    const key = keyOf(entrants, images);
    [this.playing, this.failure, this.isCancelled] = [key, null, false];
    try {
      const played = await this.client.tournament.play({
        entrants: [...entrants],
        images,
      });
      this.keep(key, played);
    } catch (error) {
      if (!this.isCancelled) this.failure = errorMessage(error);
    } finally {
      this.playing = null;
    }
  }

  /** The oldest goes where there are too many. */
  private keep(key: string, played: Tournament): void {
    this.kept.delete(key);
    this.kept.set(key, played);
    const [oldest] = this.kept.keys();
    if (this.kept.size > mostKept) this.kept.delete(oldest);
  }

  async cancel(): Promise<void> {
    this.isCancelled = true;
    await this.client.tournament.cancel({});
  }

  /** The samples of one G that one D takes for real most. */
  async fooled(
    discriminator: Entrant,
    generator: Entrant,
    images: number,
  ): Promise<FooledAnswer> {
    try {
      const asked = { discriminator, generator, images };
      return await this.client.tournament.fooled(asked);
    } catch (error) {
      return { kind: "none", reason: errorMessage(error) };
    }
  }
}

function keyOf(entrants: readonly Entrant[], images: number): string {
  return JSON.stringify([entrants.map(({ run, step }) => [run, step]), images]);
}

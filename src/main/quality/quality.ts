/** The host's side of the quality thread. */
import { connect } from "../../shared/rpc";
import type { Asking, Client } from "../../shared/rpc";
import { createThread } from "../thread";
import { ThreadChannel } from "../thread/channel";
import { qualityContract } from "./messages";
import type { QualityProgress } from "./messages";

export type QualityWork = Asking<QualityProgress>;

/** Milliseconds; between two looks at the signal there is less work than this. */
const patience = 5_000;

/** Each call rejects with one sentence, or with the signal's reason. */
export class QualityThread {
  readonly calls: Client<typeof qualityContract>["quality"];
  private readonly channel: ThreadChannel;

  /** The thread starts at the first call. */
  constructor(create = () => createThread("quality")) {
    this.channel = new ThreadChannel(
      create,
      ({ message }) => `The evaluation crashed: ${message}. Try again.`,
    );
    this.calls = connect(qualityContract, this.channel).client.quality;
  }

  close(): Promise<void> {
    return this.channel.close(patience);
  }
}

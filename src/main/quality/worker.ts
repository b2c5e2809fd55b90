/** The quality thread: judges saved steps in the background, and keeps the last run's images at hand. */
import { isMainThread } from "node:worker_threads";
import { goToTheBackground } from "../background";
import { answerCalls } from "../thread/channel";
import { fooled, play } from "./arena";
import { Court } from "./court";
import { qualityContract } from "./messages";

if (!isMainThread) goToTheBackground();

const court = new Court();

answerCalls(qualityContract, {
  quality: {
    judge: (order, work) => court.judge(order, work),
    nearest: (order, work) => court.nearest(order, work),
    play,
    fooled,
  },
});

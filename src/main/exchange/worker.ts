/** The thread of one import, export or preview. */
import { goToTheBackground } from "../background";
import { answerCalls } from "../thread/channel";
import { exchangeContract } from "./messages";
import { exportHere, importHere, previewHere } from "./work";

goToTheBackground();

answerCalls(exchangeContract, {
  exchange: {
    import: importHere,
    export: (order, { signal, onProgress }) =>
      exportHere(order, {
        signal,
        advance: (count) => onProgress({ type: "advance", count }),
        leaveOut: (file) => onProgress({ type: "left-out", file }),
      }),
    preview: (order, { signal }) => previewHere(order, signal),
  },
});

/** The thread of one import or export. */
import { parentPort } from "node:worker_threads";
import { errorMessage } from "../../shared/errors";
import { goToTheBackground } from "../background";
import type { ExchangeJob, FromExchange, ToExchange } from "./messages";
import { exportHere, importHere } from "./work";

const port = parentPort;
const abort = new AbortController();

goToTheBackground();
port?.on("message", (message: ToExchange) => {
  if (message.type === "cancel")
    abort.abort(new Error("The export was cancelled."));
  else void answer(message.job);
});

async function answer(job: ExchangeJob): Promise<void> {
  try {
    const value = await work(job);
    tell({ type: "done", value });
  } catch (error) {
    tell({ type: "failed", sentence: errorMessage(error) });
  }
  port?.close();
}

function work(job: ExchangeJob): Promise<string | number> {
  switch (job.kind) {
    case "import":
      return importHere(job);
    case "export":
      return exportHere(job, {
        signal: abort.signal,
        advance: (count) => tell({ type: "advance", count }),
        leaveOut: (file) => tell({ type: "left-out", file }),
      });
    default:
      return job satisfies never;
  }
}

function tell(message: FromExchange): void {
  port?.postMessage(message);
}

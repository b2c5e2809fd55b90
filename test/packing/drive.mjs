/**
 * Copied into an unpacked package and run there by plain Node, where `electron` is the fake one: opens the application's
 * window, trains 120 steps from it and reads the last sample as the window would. Prints one line of JSON.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { app, BrowserWindow, dialog, protocol } from "electron";

const steps = 120;
await import("./out/main/index.js");
app.becomeReady();
const { webContents, url } = await until(() => BrowserWindow.all[0]);

const page = await respond("/");
const { record } = await call("training", "start", {
  settings: JSON.parse(process.argv[2]),
  name: "Packed",
});
const last = await until(() => webContents.sent.findLast(isEnd));
const sample = await respond(`/files/runs/${record.id}/samples/${steps}.png`);
const { state, reason, progress, environment } = last.event.listing.record;
console.log(
  JSON.stringify({
    url,
    page: page.status,
    ended: { state, reason, step: progress.step },
    environment,
    sample: sample.status,
    type: sample.headers.get("content-type"),
    signature: [...new Uint8Array(await sample.arrayBuffer()).subarray(1, 4)],
    tensorFlow: await import("@tensorflow/tfjs-node-gpu").then(
      () => "loads",
      (error) => error.message,
    ),
  }),
);
app.emit("will-quit", { preventDefault: () => undefined });
await until(() => app.exitCode !== null);
process.exit(0);

function isEnd({ kind, event }) {
  return (
    kind === "event" &&
    event.type === "run-changed" &&
    !["preparing", "training"].includes(event.listing.record.state)
  );
}

async function call(area, name, input) {
  webContents.receive({ kind: "call", id: 1, area, name, input });
  const answer = await until(() => webContents.sent.find(({ id }) => id === 1));
  if (answer.kind === "failure") throw new Error(answer.message);
  return answer.value;
}

function respond(path) {
  const handler = protocol.handlers.get("workbench");
  return handler(new Request(`workbench://app${path}`));
}

async function until(find) {
  for (const end = Date.now() + 120_000; Date.now() < end; await sleep(20)) {
    const found = find();
    if (found) return found;
    if (dialog.errors.length > 0) throw new Error(dialog.errors.join("\n"));
  }
  throw new Error(`Waited two minutes for: ${find}`);
}

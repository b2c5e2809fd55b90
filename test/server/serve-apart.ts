/** A real server process: trains a short run, prints its address as a line of JSON, and how each run ended. */
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startServer } from "../../src/main/server/server";
import { start, temporaryApplication } from "../host/application";

const [home, steps] = process.argv.slice(2);
const pages = join(home, "pages");
await mkdir(pages, { recursive: true });
await writeFile(join(pages, "index.html"), "<h1>Window</h1>");
const application = await temporaryApplication({
  library: join(home, "library"),
  dataFolder: join(home, "data"),
});
application.onEvent((event) => {
  if (event.type === "run-changed" && event.listing.kind === "run") {
    const { state } = event.listing.record;
    tell({ state });
  }
  if (event.type === "notice") tell({ notice: event.notice.text });
});
const run = await start(application, Number(steps));
const samples = join(home, "library/runs", run, "samples");
await mkdir(samples, { recursive: true });
await symlink("/etc/passwd", join(samples, "step-999999.png"));
const { url } = await startServer({
  application,
  pages,
  port: 0,
  host: "127.0.0.1",
});
tell({ url, run });

function tell(line: object): void {
  console.log(JSON.stringify(line));
}

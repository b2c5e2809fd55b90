/** Browser mode as one call: opens the application, serves it, prints its address, and ends it when it is asked to. */
import open from "open";
import { errorCode } from "../../shared/errors";
import { findPages, openApplication } from "../host/open";
import { openPreferenceFile } from "../host/preference-file";
import { browserShell } from "../host/shell";
import { startServer } from "./server";

export interface ServeOptions {
  /** Null: the one in the preferences, or this machine's usual place. */
  library: string | null;
  /** 0 lets the system choose. */
  port: number;
  /** `127.0.0.1` unless others shall reach it. */
  host: string;
  /** Names beside plain addresses by which browsers reach it. */
  hostNames: readonly string[];
  /** Show the window in the system's browser. */
  open: boolean;
  /** Asked for when it is served: resolves when it is to end. */
  untilAsked(): Promise<void>;
  print(line: string): void;
}

/** Resolves when the application has ended. Rejects with one sentence where it cannot start. */
export async function serveApplication(options: ServeOptions): Promise<void> {
  const application = await openApplication({
    shell: browserShell,
    file: await openPreferenceFile(),
    library: options.library,
    hasWindows: true,
  });
  const server = await startServer({
    application,
    pages: findPages(),
    port: options.port,
    host: options.host,
    hostNames: options.hostNames,
  }).catch(async (error: unknown) => {
    await application.close();
    throw explain(error, options);
  });
  const asked = options.untilAsked();
  options.print(`GAN Workbench is at ${server.url}`);
  options.print("Press Ctrl-C to end it.");
  if (options.open) await open(server.url).catch(() => undefined);

  await asked;
  options.print("Saving and ending.");
  await server.close();
  await application.close();
}

function explain(error: unknown, { host, port }: ServeOptions): unknown {
  switch (errorCode(error)) {
    case "EADDRINUSE":
      return new Error(
        `Port ${port} is taken by another program; choose another with --port, or leave it out.`,
      );
    case "EACCES":
      return new Error(
        `Port ${port} is not allowed to you; choose one above 1023 with --port.`,
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new Error(`${host} is not an address of this machine.`);
    default:
      return error;
  }
}

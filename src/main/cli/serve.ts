/** `serve`: the whole application in a browser, served from here. */
import { Option } from "commander";
import type { Command } from "commander";
import { serveApplication } from "../server/serve";
import { onEndSignal } from "./end-signal";
import { asUsage } from "./failure";
import { libraryOption, parsePort } from "./options";
import { printLine } from "./terminal";
import type { Terminal } from "./terminal";

interface ServeOptions {
  port: number;
  host: string;
  hostName: string[];
  library?: string;
  open?: boolean;
}

export function addServe(program: Command, terminal: Terminal): void {
  program
    .command("serve")
    .description("serve the window to a browser, and print its address")
    .addOption(
      new Option("--port <n>", "which port")
        .argParser(parsePort)
        .default(0, "any that is free"),
    )
    .option(
      "--host <address>",
      "where it listens; 0.0.0.0 lets other machines in",
      "127.0.0.1",
    )
    .addOption(
      new Option(
        "--host-name <name>",
        "a name by which browsers reach it; repeatable",
      )
        .argParser((name: string, before: string[]) => [...before, name])
        .default([] as string[], "none"),
    )
    .addOption(libraryOption())
    .option("--open", "show it in the system's browser")
    .action((options: ServeOptions) =>
      asUsage(() =>
        serveApplication({
          library: options.library ?? null,
          port: options.port,
          host: options.host,
          hostNames: options.hostName,
          open: Boolean(options.open),
          untilAsked: () =>
            new Promise((resolve) => {
              onEndSignal(resolve);
            }),
          print: (line) => printLine(terminal, line),
        }),
      ),
    );
}

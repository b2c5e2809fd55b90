/**
 * Files that the system hands over: opened in the file manager, dropped on the dock, chosen among the recent ones, named
 * on the command line of this process or of a second one.
 */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { app } from "electron";
import { errorMessage } from "../../shared/errors";
import type { Application } from "../host/app";

/** Made before the application is ready, because macOS tells of a file as early as that. */
export class Documents {
  /** Until there is a window to show them in. */
  private waiting: string[] = [];
  private take = (path: string): void => void this.waiting.push(path);

  constructor(words: readonly string[], folder: string) {
    app.on("open-file", (event, path) => {
      event.preventDefault();
      this.take(path);
    });
    this.takeNamed(words, folder);
  }

  /** Imports what waits, and from now on each file as it comes. */
  openIn(application: Pick<Application, "emit" | "handlers">): void {
    this.take = (path) => importFile(application, path);
    for (const path of this.waiting.splice(0)) this.take(path);
  }

  /** Whatever words name a file: Chromium adds its own switches, and puts them in an order of its own. */
  takeNamed(words: readonly string[], folder: string): void {
    for (const word of words) {
      const path = resolve(folder, word);
      if (!word.startsWith("-") && isFile(path)) this.take(path);
    }
  }
}

/** The words after the program, and after the application's folder where Electron was started with one. */
export function ownWords(words: readonly string[]): readonly string[] {
  return words.slice(app.isPackaged ? 1 : 2);
}

/** Shows the new run, or says why there is none. */
export function importFile(
  { emit, handlers }: Pick<Application, "emit" | "handlers">,
  path: string,
): void {
  Promise.resolve(handlers.runs.importFile({ path, stepColumn: null })).then(
    (listing) => {
      if (listing.kind === "run")
        emit({ type: "show-run", run: listing.record.id });
    },
    (error: unknown) => {
      const text = errorMessage(error);
      const notice = { level: "error", text, advice: null, run: null } as const;
      emit({ type: "notice", notice });
    },
  );
}

/** A word may be anything: too long for a name, or in a folder that may not be read. Then it is not a file to open. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** What surrounds the application and can do natively what a page cannot. Browser mode can do nothing natively. */
import type { Fork } from "../engines/fork";
export type { Fork };
import type { AppInfo } from "../../shared/contract/app";

export interface FileChoice {
  kind: "open-file" | "open-folder" | "save";
  title: string;
  suggestedName: string | null;
  /** Without the dot; empty allows all. */
  extensions: string[];
}

export interface Shell {
  /** How it starts a process of the application's own code; Node's way where it is left out. */
  readonly fork?: Fork;
  readonly kind: AppInfo["shell"];
  /** Null where it was cancelled. */
  chooseFile(choice: FileChoice): Promise<string | null>;
  reveal(path: string): Promise<void>;
}

export const browserShell: Shell = {
  kind: "browser",
  chooseFile: () => Promise.reject(noDesktop()),
  reveal: () => Promise.reject(noDesktop()),
};

function noDesktop(): Error {
  return new Error(
    "A browser tab has no native dialogs; upload or download the file instead.",
  );
}

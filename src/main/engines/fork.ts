/** Starts a process of this application's own code. Node and Electron do it differently; see also `electron/fork.ts`. */
import { fork } from "node:child_process";

/** A process that was told what to do; it ends by itself. */
interface Child {
  send(message: object): void;
  onMessage(listener: (message: unknown) => void): void;
  /** `how` is why it ended, for people: "exit code 1", "SIGSEGV". */
  onExit(listener: (how: string) => void): void;
  kill(): void;
}

export type Fork = (file: string) => Child;

/** By Node itself, from the built code or from TypeScript. */
export const forkNode: Fork = (file) => {
  const child = fork(file, {
    // What the parent was started with, such as a test runner's, is none of its business.
    execArgv: file.endsWith(".ts") ? ["--import", "tsx"] : [],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  return {
    send: (message) => {
      // Where it is gone already, its exit says so.
      child.send(message, () => undefined);
    },
    onMessage: (listener) => child.on("message", listener),
    onExit(listener) {
      child.once("error", ({ message }) => listener(message));
      child.once("exit", (code, signal) =>
        listener(signal ?? `exit code ${code}`),
      );
    },
    kill: () => child.kill("SIGKILL"),
  };
};

/** What the preload gives the window: one message name each way, which never changes when a call is added. */

export const bridgeName = "workbench";
export const messageName = "message";

export interface Bridge {
  send(message: unknown): void;
  /** Gives the function that stops listening. */
  onMessage(listener: (message: unknown) => void): () => void;
  /** Where a file or folder that was dropped on the window lies; empty where it is on no disk. `file` is a `File`. */
  pathOf(file: unknown): string;
}

/** What the preload gives the window: one message name each way, which never changes when a call is added. */

export const bridgeName = "workbench";
export const messageName = "message";

export interface Bridge {
  send(message: unknown): void;
  /** Gives the function that stops listening. */
  onMessage(listener: (message: unknown) => void): () => void;
}

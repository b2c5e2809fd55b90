/** A WebSocket that comes back by itself, as one channel that closes and opens again. */
import type { Channel } from "../shared/rpc";

const firstDelay = 250;
const longestDelay = 5_000;

type ReturningChannel = Channel & Required<Pick<Channel, "onOpen">>;

/** Resolves at the first opening, however many attempts that takes. */
export function createReconnectingChannel(
  address: URL,
): Promise<ReturningChannel> {
  const messages = new Set<(message: unknown) => void>();
  const closes = new Set<() => void>();
  const opens = new Set<() => void>();
  let socket: WebSocket;
  let delay = firstDelay;

  const channel: ReturningChannel = {
    send(message) {
      if (socket.readyState === WebSocket.OPEN)
        socket.send(JSON.stringify(message));
    },
    onMessage: (listener) => listen(messages, listener),
    onClose: (listener) => listen(closes, listener),
    onOpen: (listener) => listen(opens, listener),
  };

  return new Promise((resolve) => {
    open();

    function open(): void {
      let wasOpen = false;
      socket = new WebSocket(address);
      socket.addEventListener("open", () => {
        wasOpen = true;
        delay = firstDelay;
        for (const listener of opens) listener();
        resolve(channel);
      });
      socket.addEventListener("message", ({ data }) => {
        const message: unknown = JSON.parse(String(data));
        for (const listener of messages) listener(message);
      });
      socket.addEventListener("close", () => {
        if (wasOpen) for (const listener of closes) listener();
        setTimeout(open, delay);
        delay = Math.min(2 * delay, longestDelay);
      });
    }
  });
}

function listen<T>(set: Set<T>, listener: T): () => void {
  set.add(listener);
  return () => set.delete(listener);
}

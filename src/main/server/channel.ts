/** A WebSocket as a channel of JSON messages, bounded both ways. */
import type { WebSocket } from "ws";
import type { Channel } from "../../shared/rpc";

/** Settings and notes are the largest messages a window sends. */
export const largestMessage = 4 * 2 ** 20;
const congestedAt = 2 ** 20;
/** A window that is this far behind is cut off; it connects again and asks anew. */
const hopelessAt = 64 * 2 ** 20;

const tryAgainLater = 1013;
const unsupportedData = 1003;

export function createSocketChannel(socket: WebSocket): Channel {
  const listeners = new Set<(message: unknown) => void>();
  socket.on("message", (data, isBinary) => {
    const message = isBinary ? undefined : parseOrUndefined(String(data));
    if (message === undefined) {
      socket.close(unsupportedData, "Messages are JSON text.");
      return;
    }
    for (const listener of listeners) listener(message);
  });
  // `ws` tells of a message that is too large or malformed here, and closes by itself.
  socket.on("error", () => undefined);

  return {
    get congested() {
      return socket.bufferedAmount > congestedAt;
    },
    send(message) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > hopelessAt)
        socket.close(tryAgainLater, "The window reads too slowly.");
      else socket.send(JSON.stringify(message));
    },
    onMessage(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onClose(listener) {
      const closed = () => listener();
      socket.on("close", closed);
      return () => socket.off("close", closed);
    },
  };
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

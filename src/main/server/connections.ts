/**
 * How many may be connected. Whoever has shown no session is a stranger, and strangers share a few places: the one that
 * has been idle longest yields to the next. Sessions have places of their own, because whoever comes through a tunnel
 * has the same address as everyone else, so an address says nothing.
 */
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";

const usually = { strangers: 100, known: 300 };
/** A stranger sends, reads, or is gone. */
const strangerQuietMs = 15_000;
/** What a stranger may ask for is small, also through a slow tunnel. */
const strangerRequestMs = 60_000;
/** An upload may take hours, but not without a byte for so long. */
const uploadQuietMs = 5 * 60_000;

export class Connections {
  /** The one that has been idle longest comes first. */
  private readonly strangers = new Set<Socket>();
  private readonly known = new Set<Socket>();
  private readonly busy = new Set<Socket>();
  /** How many of a connection's requests wait for their bodies: one that does not wait may send many. */
  private readonly awaited = new Map<Socket, number>();
  private readonly most = placesFor(descriptors());

  add(socket: Socket): void {
    this.strangers.add(socket);
    socket.setTimeout(strangerQuietMs, () => socket.destroy());
    socket.once("close", () => {
      for (const sockets of [this.strangers, this.known, this.busy])
        sockets.delete(socket);
    });
    this.makeRoom(this.strangers, this.most.strangers);
  }

  /** It has shown a session: it no longer yields to strangers. */
  trust(socket: Socket): void {
    if (!this.strangers.delete(socket)) return;
    socket.setTimeout(0);
    this.known.add(socket);
    this.makeRoom(this.known, this.most.known);
  }

  /** A request is being answered. Gives the function that says that it is over. */
  begin(socket: Socket): () => void {
    this.busy.add(socket);
    const isStranger = this.strangers.has(socket);
    const limit = setTimeout(() => {
      if (isStranger) socket.destroy();
    }, strangerRequestMs).unref();
    return () => {
      clearTimeout(limit);
      this.busy.delete(socket);
      for (const sockets of [this.strangers, this.known])
        if (sockets.delete(socket)) sockets.add(socket);
    };
  }

  /** An upload has begun; gives the function that says that all of it is there. */
  awaitBody(socket: Socket): () => void {
    const change = (by: number) => {
      const left = (this.awaited.get(socket) ?? 0) + by;
      this.awaited.set(socket, left);
      return left;
    };
    if (change(1) === 1)
      socket.setTimeout(uploadQuietMs).once("timeout", endSocket);
    return () => {
      if (change(-1) > 0) return;
      this.awaited.delete(socket);
      socket.setTimeout(0).off("timeout", endSocket);
    };
  }

  /** A window's channel stays open for as long as the window does. */
  keep(socket: Socket): void {
    this.trust(socket);
    this.busy.add(socket);
  }

  private makeRoom(sockets: ReadonlySet<Socket>, places: number): void {
    if (sockets.size <= places) return;
    const [oldest, ...others] = [...sockets].slice(0, -1);
    const idle = [oldest, ...others].find((one) => !this.busy.has(one));
    (idle ?? oldest).destroy();
  }
}

function endSocket(this: Socket): void {
  this.destroy();
}

/** Half of what the process may open stays for its own files and threads. */
function placesFor(files: number): typeof usually {
  const share = Math.max(8, Math.floor(files / 4));
  return {
    strangers: Math.min(usually.strangers, share),
    known: Math.min(usually.known, share),
  };
}

/** How many files this process may have open, as Linux says it: proc_pid_limits(5). Elsewhere Node has set it high enough. */
function descriptors(): number {
  try {
    const limits = readFileSync("/proc/self/limits", "utf8");
    return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Infinity);
  } catch {
    return Infinity;
  }
}

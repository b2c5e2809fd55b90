/** A mirror on this machine that behaves as badly as a test asks. */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export type Behaviour = (
  request: IncomingMessage,
  response: ServerResponse,
  /** Counted from 1. */
  attempt: number,
) => void;

export interface Mirror {
  /** Ends with a slash. */
  url: string;
  requests: { path: string; range: string | undefined }[];
}

export async function startMirror(behaviour: Behaviour): Promise<Mirror> {
  const requests: Mirror["requests"] = [];
  const server = createServer((request, response) => {
    const { range } = request.headers;
    requests.push({ path: request.url ?? "", range });
    behaviour(request, response, requests.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, requests };
}

/** Honours Range, as every mirror of ours does. */
export function serves(bytes: Buffer): Behaviour {
  return (request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1]);
    if (Number.isNaN(from)) {
      response.setHeader("content-length", bytes.length);
      response.end(bytes);
    } else if (from >= bytes.length) {
      response.writeHead(416).end();
    } else {
      response.writeHead(206, {
        "content-length": bytes.length - from,
        "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
      });
      response.end(bytes.subarray(from));
    }
  };
}

/** Announces all of `bytes` and breaks the connection after `sent` of them. */
export function drops(bytes: Buffer, sent: number): Behaviour {
  return (_, response) => {
    response.setHeader("content-length", bytes.length);
    response.write(bytes.subarray(0, sent), () => {
      // The other side should have seen the bytes first.
      setTimeout(() => response.destroy(), 20);
    });
  };
}

export function answers(
  status: number,
  headers: Record<string, string> = {},
): Behaviour {
  return (_, response) => {
    response.writeHead(status, headers).end("<html>not the file</html>");
  };
}

/** Sends a piece every few milliseconds. */
export function trickles(bytes: Buffer, pieces: number): Behaviour {
  return (_, response) => {
    response.setHeader("content-length", bytes.length);
    const size = Math.ceil(bytes.length / pieces);
    let at = 0;
    const timer = setInterval(() => {
      response.write(bytes.subarray(at, (at += size)));
      if (at < bytes.length) return;
      clearInterval(timer);
      response.end();
    }, 5);
    response.on("close", () => {
      clearInterval(timer);
    });
  };
}

/** Begins and then says nothing more. */
export function stalls(bytes: Buffer): Behaviour {
  return (_, response) => {
    response.setHeader("content-length", bytes.length);
    response.write(bytes.subarray(0, 10));
  };
}

/** One behaviour after the other; the last one stays. */
export function inTurn(...behaviours: Behaviour[]): Behaviour {
  return (request, response, attempt) => {
    const behaviour = behaviours[Math.min(attempt, behaviours.length) - 1];
    behaviour(request, response, attempt);
  };
}

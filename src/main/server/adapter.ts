/** Node's HTTP messages as the web's `Request` and `Response`, streaming both ways. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { errorCode } from "../../shared/errors";

/** Null for an address or a method that the web does not allow. */
export function toRequest(
  message: IncomingMessage,
  signal: AbortSignal,
): Request | null {
  const hasBody = message.method !== "GET" && message.method !== "HEAD";
  try {
    return new Request(new URL(message.url ?? "/", "http://application"), {
      method: message.method,
      headers: Object.entries(message.headers).flatMap(([name, value]) =>
        [value ?? []].flat().map((one): [string, string] => [name, one]),
      ),
      signal,
      ...(hasBody && { body: Readable.toWeb(message), duplex: "half" }),
    } as RequestInit);
  } catch {
    return null;
  }
}

/** Ends when everything is written; a reader that goes away is not an error. */
export async function sendResponse(
  response: Response,
  target: ServerResponse,
): Promise<void> {
  target.writeHead(response.status, [...response.headers].flat());
  if (response.body === null) {
    target.end();
    return;
  }
  try {
    await pipeline(Readable.fromWeb(response.body as ReadableStream), target);
  } catch (error) {
    if (errorCode(error) !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}

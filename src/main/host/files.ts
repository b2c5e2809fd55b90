/**
 * Everything the window fetches rather than asks for, as one `(Request) => Response`: Electron's scheme and HTTP both
 * mount it. Each area of the host brings its own routes; the addresses are in `shared/contract/files.ts`.
 */
import { constants, open, realpath } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";
import { Readable } from "node:stream";
import { errorCode, errorMessage } from "../../shared/errors";
import { plain, securityHeaders } from "./pages";

export interface FileRoute {
  method: "GET" | "POST";
  /** Below `/files/`: `runs/:run/metrics`; a last `*` takes all that is left. */
  path: string;
  answer(
    parameters: Readonly<Record<string, string>>,
    request: Request,
  ): Promise<Response>;
}

export function createFiles(
  routes: readonly FileRoute[],
): (request: Request) => Promise<Response> {
  return async (request) => {
    const segments = decodeSegments(new URL(request.url).pathname);
    const method = request.method === "HEAD" ? "GET" : request.method;
    for (const route of routes) {
      const parameters =
        segments && route.method === method && match(route.path, segments);
      if (parameters) return answer(route, parameters, request);
    }
    return plain(404, "There is no such file.");
  };
}

/**
 * A file in a folder of ours, or 404 where it is gone or a link leads out of the folder. Its tag lets a browser ask
 * whether its copy still holds.
 */
export async function sendFile(
  { folder, path, type }: { folder: string; path: string; type: string },
  request: Request,
): Promise<Response> {
  const place = await realpath(path);
  if (!isInside(await realpath(folder), place))
    return plain(404, "There is no such file.");
  // Once it is open, a file that is deleted meanwhile is still sent whole.
  const file = await open(place, constants.O_RDONLY | noFollow | noWait);
  let isSent = false;
  try {
    const facts = await file.stat();
    if (!facts.isFile()) return plain(404, "There is no such file.");
    const etag = `"${facts.mtimeMs.toString(36)}-${facts.size.toString(36)}"`;
    const headers = {
      ...securityHeaders,
      "cache-control": cacheControl(request),
      etag,
    };
    if (request.headers.get("if-none-match") === etag)
      return new Response(null, { status: 304, headers });
    isSent = request.method !== "HEAD";
    return new Response(isSent ? streamOf(file) : null, {
      headers: {
        ...headers,
        "content-type": type,
        "content-length": String(facts.size),
      },
    });
  } finally {
    if (!isSent) await file.close();
  }
}

function isInside(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return !isAbsolute(inside) && inside.split(sep)[0] !== "..";
}

/** A link that takes the file's place just now is not followed, and nobody waits at a pipe. Windows has neither. */
const { O_NOFOLLOW: noFollow = 0, O_NONBLOCK: noWait = 0 } =
  constants as Partial<typeof constants>;

/** Closes the file at its end, and where the reader goes away. */
function streamOf(file: FileHandle): ReadableStream {
  return Readable.toWeb(file.createReadStream()) as ReadableStream;
}

/** Bytes that were just made and hold for now only. */
export function sendBytes(
  bytes: Uint8Array<ArrayBuffer>,
  type: string,
): Response {
  return new Response(bytes, {
    headers: {
      ...securityHeaders,
      "content-type": type,
      "content-length": String(bytes.byteLength),
      "cache-control": "no-store",
    },
  });
}

/**
 * A resumed run writes the grids after its checkpoint again, so a plain address is asked for anew each time (304 where
 * nothing changed). An address that names a version, `?v=`, never changes.
 */
function cacheControl(request: Request): string {
  return new URL(request.url).searchParams.has("v")
    ? "private, max-age=31536000, immutable"
    : "private, no-cache";
}

/** A failure has one sentence, as in the contract. What vanishes while it is read was deleted: it is not there. */
async function answer(
  route: FileRoute,
  parameters: Readonly<Record<string, string>>,
  request: Request,
): Promise<Response> {
  try {
    return await route.answer(parameters, request);
  } catch (error) {
    if (isGone(error)) return plain(404, "There is no such file.");
    if (error instanceof Error && isGone(error.cause))
      return plain(404, error.message);
    return plain(500, errorMessage(error));
  }
}

/** Null where a segment is malformed or could leave its folder. */
function decodeSegments(pathname: string): string[] | null {
  try {
    const segments = pathname.split("/").slice(2).map(decodeURIComponent);
    return segments.every(isPlainName) ? segments : null;
  } catch {
    return null;
  }
}

function isPlainName(segment: string): boolean {
  return (
    segment !== "" &&
    segment !== "." &&
    segment !== ".." &&
    // eslint-disable-next-line no-control-regex -- a name with a control character is refused
    !/[/\\\x00-\x1f]/.test(segment)
  );
}

function match(
  pattern: string,
  segments: readonly string[],
): Record<string, string> | null {
  const parts = pattern.split("/");
  const takesRest = parts.at(-1) === "*";
  if (
    takesRest
      ? segments.length < parts.length
      : segments.length !== parts.length
  )
    return null;
  const parameters: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    if (part === "*") parameters.rest = segments.slice(index).join("/");
    else if (part.startsWith(":")) parameters[part.slice(1)] = segments[index];
    else if (part !== segments[index]) return null;
  }
  return parameters;
}

function isGone(error: unknown): boolean {
  const code = errorCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

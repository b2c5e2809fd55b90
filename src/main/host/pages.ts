/**
 * The built window as `(Request) => Response`, with the headers that keep it from running or reaching anything but
 * its own files. Mounted by Electron's scheme and by HTTP alike.
 */
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { errorCode } from "../../shared/errors";

/** Style attributes stay allowed: components set sizes and colours with them. Everything else is our own files. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  // The preview of a report, which the application gives an origin of its own.
  "frame-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export const securityHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": contentSecurityPolicy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".json": "application/json",
};

/** Answers GET and HEAD below `root`; names under `assets/` carry a hash, so they may be kept for good. */
export function createPages(
  root: string,
): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== "GET" && request.method !== "HEAD")
      return plain(405, "Only GET is answered here.");
    const path = filePath(root, new URL(request.url).pathname);
    const body = path === null ? null : await readOrNull(path);
    if (path === null || body === null)
      return plain(404, "There is no such page.");
    return new Response(request.method === "HEAD" ? null : body, {
      headers: {
        ...securityHeaders,
        "content-type": types[extname(path)] ?? "application/octet-stream",
        "content-length": String(body.byteLength),
        "cache-control": path.includes(`${sep}assets${sep}`)
          ? "private, max-age=31536000, immutable"
          : "no-cache",
      },
    });
  };
}

/** One line of text, for people who look at the network panel. */
export function plain(status: number, text: string): Response {
  return new Response(text, {
    status,
    headers: { ...securityHeaders, "content-type": "text/plain" },
  });
}

/** Null for what leaves the root or cannot be a name. */
function filePath(root: string, pathname: string): string | null {
  const name = decodeOrNull(pathname);
  if (name === null || name.includes("\0") || name.includes("\\")) return null;
  const path = normalize(join(root, name === "/" ? "index.html" : name));
  return path.startsWith(root + sep) ? path : null;
}

function decodeOrNull(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

async function readOrNull(path: string): Promise<Buffer<ArrayBuffer> | null> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "EISDIR" || code === "ENOTDIR")
      return null;
    throw error;
  }
}

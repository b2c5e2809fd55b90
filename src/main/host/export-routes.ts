/** What a browser fetches of exports: the preview of one, and what was made and waits to be downloaded. */
import { basename, dirname, join } from "node:path";
import { exportFormats } from "../../shared/contract/export-formats";
import { exportRequestSchema } from "../../shared/contract/exports";
import type { ExportRequest } from "../../shared/contract/exports";
import { errorMessage } from "../../shared/errors";
import { previewRequest } from "../export/plan";
import { sendBytes, sendFile } from "./files";
import type { FileRoute } from "./files";
import type { Host } from "./host";
import { plain } from "./pages";

/** `waiting` holds what was made, each export in a folder of its own. */
export function exportRoutes(host: Host, waiting: string): FileRoute[] {
  return [previewRoute(host), downloadRoute(waiting)];
}

/** Where the download is fetched that lies at a path. */
export function downloadOf(path: string): { url: string; name: string } {
  const name = basename(path);
  const key = basename(dirname(path));
  return { url: `/files/exports/${key}/${encodeURIComponent(name)}`, name };
}

const types: Readonly<Record<string, string>> = {
  png: "image/png",
  gif: "image/gif",
  webp: "image/webp",
  svg: "image/svg+xml",
};

function previewRoute({ store, exchange }: Host): FileRoute {
  return {
    method: "GET",
    path: "exports/preview",
    async answer(_, request) {
      const text = new URL(request.url).searchParams.get("request") ?? "";
      const wanted = parseRequest(text);
      const shown = wanted && previewRequest(wanted);
      if (!shown) return plain(400, "This export has no preview.");
      const { ending, preview } = exportFormats[shown.format];
      const most = preview === "text" ? mostText : null;
      const making = exchange.preview(
        { library: store.library, request: shown, most },
        request.signal,
      );
      if (preview === "page") return making.then(sendPage, sendFailure);
      const type =
        preview === "text" ? "text/plain; charset=utf-8" : types[ending ?? ""];
      return sendBytes(await making, type ?? "application/octet-stream");
    },
  };
}

/** Of a file that is text, or told of in words, a preview shows the beginning. */
const mostText = 16_384;

function sendPage(bytes: Uint8Array<ArrayBuffer>): Response {
  return framed(sendBytes(bytes, "text/html; charset=utf-8"));
}

/** In the place of the report, or its frame would stay empty. */
function sendFailure(error: unknown): Response {
  return framed(plain(500, errorMessage(error)));
}

/** For a frame of the window: alone in an origin of its own, with the policy that a report itself names. */
function framed(response: Response): Response {
  response.headers.set(
    "content-security-policy",
    "sandbox allow-scripts; frame-ancestors 'self'",
  );
  return response;
}

/** As a file to keep, whatever it holds: a report must not open on the application's own address. */
function downloadRoute(folder: string): FileRoute {
  return {
    method: "GET",
    path: "exports/:key/:name",
    async answer({ key, name }, request) {
      if (!/^[0-9a-f-]{36}$/.test(key))
        return plain(404, "There is no such export.");
      const path = join(folder, key, name);
      const type = "application/octet-stream";
      const response = await sendFile({ folder, path, type }, request);
      const coded = encodeURIComponent(name);
      response.headers.set(
        "content-disposition",
        `attachment; filename*=UTF-8''${coded}`,
      );
      return response;
    },
  };
}

function parseRequest(text: string): ExportRequest | null {
  try {
    return exportRequestSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

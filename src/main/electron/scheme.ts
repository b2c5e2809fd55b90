/** The custom scheme that the desktop window is served by, instead of `file://` with its extra rights. */
import { protocol } from "electron";
import type { Application } from "../host/app";
import { plain } from "../host/pages";

const scheme = "workbench";
const host = "app";
export const pageAddress = `${scheme}://${host}/`;

/** Before the application is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme,
      privileges: {
        standard: true,
        secure: true,
        supportFetchAPI: true,
        stream: true,
        codeCache: true,
      },
    },
  ]);
}

/** Pages and files by the same two functions as in browser mode. */
export function mountScheme(
  application: Pick<Application, "respond">,
  pages: (request: Request) => Promise<Response>,
): void {
  protocol.handle(scheme, (request) => {
    const url = new URL(request.url);
    if (url.host !== host) return plain(404, "There is no such host.");
    return url.pathname.startsWith("/files/")
      ? application.respond(request)
      : pages(request);
  });
}

/** Whether an address is the window's own. */
export function isOwnPage(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return url.protocol === `${scheme}:` && url.host === host;
}

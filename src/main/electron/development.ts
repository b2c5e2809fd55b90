/** `npm run dev`: pages come from the development server, through the same scheme, so that all else stays as it is. */
import { app } from "electron";

/** The development server's address, or null; a packed application has none. */
export function developmentServer(): string | null {
  return app.isPackaged ? null : (process.env.ELECTRON_RENDERER_URL ?? null);
}

export function proxyPages(
  server: string,
): (request: Request) => Promise<Response> {
  return (request) => {
    const { pathname, search } = new URL(request.url);
    return fetch(new URL(pathname + search, server));
  };
}

/**
 * Electron's security checklist: what pages may not do, whatever they are. The rest of it is where it belongs: web
 * preferences in `window.ts`, the sender check in `ipc.ts`, the content security policy in `host/pages.ts`, the fuses
 * in `electron-builder.config.ts`.
 */
import { app, session, shell } from "electron";
import type { WebContents } from "electron";
import { presets } from "../../shared/settings/presets/index";

/** Before the application is ready: holds for every page that will ever be made. */
export function hardenPages(): void {
  app.enableSandbox();
  app.on("web-contents-created", (_, contents) => harden(contents));
}

/** When the application is ready. No page needs a camera, a location, a device or anything else that asks. */
export function denyPermissions(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_, __, answer) => answer(false));
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
}

function harden(contents: WebContents): void {
  const refuse = (event: { preventDefault(): void }) => event.preventDefault();
  contents.on("will-navigate", refuse);
  contents.on("will-redirect", refuse);
  contents.on("will-frame-navigate", (event) => {
    if (!isPreview(event)) event.preventDefault();
  });
  contents.on("will-attach-webview", refuse);
  contents.setWindowOpenHandler(({ url }) => {
    if (isOwnLink(url)) void shell.openExternal(url);
    return { action: "deny" };
  });
}

/** A report shown in a frame before it is saved. */
function isPreview({ isMainFrame, url }: Partial<FrameNavigation>): boolean {
  const own = "workbench://app/files/exports/preview?";
  return isMainFrame === false && url?.startsWith(own) === true;
}

type FrameNavigation =
  Electron.Event<Electron.WebContentsWillFrameNavigateEventParams>;

/** The tutorials' addresses, which are the only links the window has. */
function isOwnLink(url: string): boolean {
  return (
    url.startsWith("https://") &&
    presets.some((preset) => preset.source.url === url)
  );
}

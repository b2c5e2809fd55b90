/** Electron's IPC as a channel: one message name, heard only from the window's own main frame. */
import type { IpcMainEvent, WebContents } from "electron";
import { messageName } from "../../shared/bridge";
import type { Channel } from "../../shared/rpc";
import { isOwnPage } from "./scheme";

export function createIpcChannel(contents: WebContents): Channel {
  return {
    send(message) {
      if (!contents.isDestroyed()) contents.send(messageName, message);
    },
    onMessage(listener) {
      const heard = (event: IpcMainEvent, message: unknown) => {
        if (isOwnSender(event, contents)) listener(message);
      };
      contents.ipc.on(messageName, heard);
      return () => contents.ipc.off(messageName, heard);
    },
    onClose(listener) {
      contents.once("destroyed", listener);
      return () => contents.off("destroyed", listener);
    },
  };
}

/** A frame inside the page, or a page that is not ours, is not answered. */
function isOwnSender(
  { senderFrame }: IpcMainEvent,
  contents: WebContents,
): boolean {
  return (
    senderFrame !== null &&
    senderFrame === contents.mainFrame &&
    isOwnPage(senderFrame.url)
  );
}

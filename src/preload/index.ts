/** The only code between the window's sandbox and the main process: one message name, which never changes. */
import { contextBridge, ipcRenderer, webUtils } from "electron";
import type { IpcRendererEvent } from "electron";
import { bridgeName, messageName } from "../shared/bridge";
import type { Bridge } from "../shared/bridge";

const bridge: Bridge = {
  send: (message) => ipcRenderer.send(messageName, message),
  onMessage(listener) {
    const heard = (_: IpcRendererEvent, message: unknown) => listener(message);
    ipcRenderer.on(messageName, heard);
    return () => ipcRenderer.off(messageName, heard);
  },
  pathOf: (file) => webUtils.getPathForFile(file as File),
};

contextBridge.exposeInMainWorld(bridgeName, bridge);

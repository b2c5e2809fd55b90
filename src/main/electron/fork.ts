/** Starts a process of the application's own code: Electron's binary does not run as Node, because a fuse is off. */
import { utilityProcess } from "electron";
import type { Fork } from "../host/shell";

export const forkElectron: Fork = (file) => {
  const child = utilityProcess.fork(file, [], {
    stdio: "ignore",
    serviceName: "GAN Workbench engine test",
  });
  return {
    send: (message) => child.postMessage(message),
    onMessage: (listener) => child.on("message", listener),
    onExit(listener) {
      child.once("exit", (code) => listener(`exit code ${code}`));
    },
    kill: () => child.kill(),
  };
};

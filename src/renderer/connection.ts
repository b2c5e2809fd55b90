/**
 * How the window reaches the application: through the preload in Electron, over a WebSocket in browser mode. The rest
 * of the window sees the typed client only.
 */
import { bridgeName } from "../shared/bridge";
import type { Bridge } from "../shared/bridge";
import { channelPath, keyPrefix, sessionPath } from "../shared/browser-mode";
import { contract } from "../shared/contract/index";
import type { AppContract, AppEvent } from "../shared/contract/index";
import { connect } from "../shared/rpc";
import type { Channel, Connection } from "../shared/rpc";
import { createReconnectingChannel } from "./reconnecting-channel";

type ConnectionStatus = "connected" | "lost";

export interface AppConnection extends Connection<AppContract, AppEvent> {
  readonly shell: "electron" | "browser";
  /** Where a dropped file lies; empty where a browser keeps that to itself. */
  pathOf(file: File): string;
  /** Heard at each change. After "connected" comes again, what is shown should be asked for anew. */
  onStatus(listener: (status: ConnectionStatus) => void): () => void;
}

/** Resolves when calls can be made. Rejects with one sentence where this page has no key. */
export async function openConnection(): Promise<AppConnection> {
  const bridge = findBridge();
  if (bridge)
    return {
      ...over(createBridgeChannel(bridge), "electron"),
      pathOf: (file) => bridge.pathOf(file),
    };
  await openSession();
  const address = new URL(channelPath, location.href);
  address.protocol = "ws:";
  return over(await createReconnectingChannel(address), "browser");
}

function over(channel: Channel, shell: AppConnection["shell"]): AppConnection {
  return {
    ...connect<AppContract, AppEvent>(contract, channel),
    shell,
    pathOf: () => "",
    onStatus(listener) {
      const stopClose = channel.onClose(() => listener("lost"));
      const stopOpen = channel.onOpen?.(() => listener("connected"));
      return () => {
        stopClose();
        stopOpen?.();
      };
    },
  };
}

function findBridge(): Bridge | undefined {
  return (window as unknown as Record<string, Bridge | undefined>)[bridgeName];
}

function createBridgeChannel(bridge: Bridge): Channel {
  return {
    send: (message) => bridge.send(message),
    onMessage: (listener) => bridge.onMessage(listener),
    // The main process outlives its windows.
    onClose: () => () => undefined,
  };
}

/** Trades the key in the address for a cookie and takes it out of the address, so that it does not stay in the history. */
async function openSession(): Promise<void> {
  const hasKey = location.hash.startsWith(keyPrefix);
  const { ok, status } = hasKey
    ? await fetch(sessionPath, {
        method: "POST",
        body: location.hash.slice(keyPrefix.length),
      })
    : await fetch(sessionPath);
  if (hasKey)
    history.replaceState(null, "", location.pathname + location.search);
  // An old key does no harm to a session that is open.
  const isOpen = ok || (hasKey && (await fetch(sessionPath)).ok);
  if (!isOpen && status === 401)
    throw new Error(
      "This page has no key. Open the address that GAN Workbench printed when it started.",
    );
}

/** A window without a screen: it asks browser mode what an open window asks, again and again, and notes how long each took. */
import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";
import {
  channelPath,
  keyPrefix,
  sessionPath,
} from "../../src/shared/browser-mode";
import { contract } from "../../src/shared/contract/index";
import type { AppContract, AppEvent } from "../../src/shared/contract/index";
import { connect } from "../../src/shared/rpc";
import type { Channel, Connection } from "../../src/shared/rpc";

/** Between the answer to a question and the next time that it is asked. */
const pauseMs = 60;

type Question = () => Promise<unknown>;

export class Window {
  private constructor(
    private readonly origin: string,
    private readonly cookie: string,
    private readonly connection: Connection<AppContract, AppEvent>,
    private readonly socket: WebSocket,
  ) {}

  /** `url` is the address that browser mode prints. */
  static async open(url: string): Promise<Window> {
    const { origin, hash } = new URL(url);
    const answer = await fetch(origin + sessionPath, {
      method: "POST",
      headers: { origin },
      body: hash.slice(keyPrefix.length),
    });
    const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
    const address = `ws${origin.slice("http".length)}${channelPath}`;
    const socket = new WebSocket(address, { headers: { origin, cookie } });
    await new Promise((resolve, reject) => {
      socket.once("open", resolve).once("error", reject);
    });
    const channel: Channel = {
      send: (message) => socket.send(JSON.stringify(message)),
      onMessage(listener) {
        const hear = (data: unknown) => listener(JSON.parse(String(data)));
        socket.on("message", hear);
        return () => socket.off("message", hear);
      },
      onClose(listener) {
        socket.on("close", listener);
        return () => socket.off("close", listener);
      },
    };
    return new Window(origin, cookie, connect(contract, channel), socket);
  }

  get client() {
    return this.connection.client;
  }

  onEvent(listener: (event: AppEvent) => void): () => void {
    return this.connection.onEvent(listener);
  }

  /** The length of what a file address gives; rejects where it gives none. */
  async read(path: string): Promise<number> {
    return (await this.bytes(path)).byteLength;
  }

  async bytes(path: string): Promise<ArrayBuffer> {
    const { origin, cookie } = this;
    const answer = await fetch(origin + path, { headers: { origin, cookie } });
    const bytes = await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}.`);
    return bytes;
  }

  close(): void {
    this.socket.terminate();
  }
}

/** Milliseconds by question, while the work goes on and for at least so long. */
export async function askDuring(
  questions: Readonly<Record<string, Question>>,
  work: () => Promise<unknown>,
  leastMs: number,
): Promise<Record<string, number[]>> {
  const times: Record<string, number[]> = {};
  let isOver = false;
  const asking = Object.entries(questions).map(async ([name, ask]) => {
    const own = (times[name] = [] as number[]);
    while (!isOver) {
      const begin = performance.now();
      await ask();
      own.push(performance.now() - begin);
      await delay(pauseMs);
    }
  });
  const both = Promise.all([work(), delay(leastMs)]).finally(() => {
    isOver = true;
  });
  await Promise.all([both, ...asking]);
  return times;
}

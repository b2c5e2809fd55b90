/** Calls over a channel: order, progress, cancelling, and what is heard when the channel closes. */
import { MessageChannel } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { afterEach, describe, expect, it } from "vitest";
import { connect, serve, trustedCall } from "../../src/shared/rpc";
import type { Channel } from "../../src/shared/rpc";

const contract = {
  kitchen: {
    cook: trustedCall<{ dish: string; minutes: number }, string, number>(),
    taste: trustedCall<string, string>(),
  },
};

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

describe("calls", () => {
  it("are answered together, or one after the other where that is asked for", async () => {
    expect(await orderOfAnswers(false)).toEqual(["soup", "roast"]);
    expect(await orderOfAnswers(true)).toEqual(["roast", "soup"]);
  });

  it("tell their progress to who made them, and to nobody else", async () => {
    const { kitchen } = open(false);
    const roast: number[] = [];
    const soup: number[] = [];
    await Promise.all([
      kitchen.cook(
        { dish: "roast", minutes: 3 },
        { onProgress: (minute) => roast.push(minute) },
      ),
      kitchen.cook(
        { dish: "soup", minutes: 1 },
        { onProgress: (minute) => soup.push(minute) },
      ),
    ]);
    expect(roast).toEqual([1, 2, 3]);
    expect(soup).toEqual([1]);
  });

  it("that are cancelled stop their work and reject with the signal's reason", async () => {
    const { kitchen, cooked } = open(true);
    const abort = new AbortController();
    const roast = kitchen.cook(
      { dish: "roast", minutes: 10_000 },
      {
        signal: abort.signal,
        onProgress: () => abort.abort(new Error("The guests have left.")),
      },
    );
    await expect(roast).rejects.toThrow("The guests have left.");
    expect(cooked).toEqual([]);
    expect(await kitchen.taste("soup")).toBe("soup is good");
  });

  it("that are cancelled while they wait for their turn never begin", async () => {
    const { kitchen, begun } = open(true);
    const abort = new AbortController();
    const roast = kitchen.cook({ dish: "roast", minutes: 5 });
    const soup = kitchen.cook(
      { dish: "soup", minutes: 1 },
      { signal: abort.signal },
    );
    abort.abort(new Error("No soup."));
    await expect(soup).rejects.toThrow("No soup.");
    await roast;
    expect(begun).toEqual(["roast"]);
  });

  it("under way at the end of the channel reject with the channel's reason", async () => {
    let close: (reason?: string) => void = () => undefined;
    const silent: Channel = {
      send: () => undefined,
      onMessage: () => () => undefined,
      onClose: (listener) => {
        close = listener;
        return () => undefined;
      },
    };
    const { kitchen } = connect(contract, silent).client;
    const soup = kitchen.taste("soup");
    close("The kitchen burnt down.");
    await expect(soup).rejects.toThrow("The kitchen burnt down.");
    await expect(kitchen.taste("soup")).rejects.toThrow("lost");
  });
});

async function orderOfAnswers(oneAtATime: boolean): Promise<string[]> {
  const { kitchen, cooked } = open(oneAtATime);
  await Promise.all([
    kitchen.cook({ dish: "roast", minutes: 20 }),
    kitchen.cook({ dish: "soup", minutes: 1 }),
  ]);
  return cooked;
}

function open(oneAtATime: boolean) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const begun: string[] = [];
  const cooked: string[] = [];
  const handlers = {
    kitchen: {
      async cook(
        { dish, minutes }: { dish: string; minutes: number },
        work: { signal: AbortSignal; onProgress: (minute: number) => void },
      ) {
        begun.push(dish);
        for (let minute = 1; minute <= minutes; minute++) {
          await new Promise((resolve) => setImmediate(resolve));
          work.signal.throwIfAborted();
          work.onProgress(minute);
        }
        cooked.push(dish);
        return dish;
      },
      taste: (dish: string) => `${dish} is good`,
    },
  };
  serve(contract, over(port1), handlers, { oneAtATime });
  const { kitchen } = connect(contract, over(port2)).client;
  return { kitchen, begun, cooked };
}

function over(port: MessagePort): Channel {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on("message", listener);
      return () => port.off("message", listener);
    },
    onClose: () => () => undefined,
  };
}

/**
 * Calls over a channel: between a window and the application, and between the application and its threads. A contract is
 * a table of calls, each with the schema of its input and the types of its output and its progress; `connect` makes a
 * typed client of it and `serve` answers it. Knows nothing of what is called.
 */
import { z } from "zod";
import { errorMessage } from "./errors";
import { explain } from "./settings/explain";

/** Moves messages of plain JSON, in order; knows none of them. */
export interface Channel {
  send(message: unknown): void;
  /** Gives the function that stops listening. */
  onMessage(listener: (message: unknown) => void): () => void;
  /** `reason` is a sentence, where the channel knows one. */
  onClose(listener: (reason?: string) => void): () => void;
  /** Only on a channel that can come back: heard at each return after a close. */
  onOpen?(listener: () => void): () => void;
  /** True while the other side reads more slowly than this side sends; what can be left out should be. */
  readonly congested?: boolean;
}

declare const output: unique symbol;
declare const progress: unique symbol;

/** One entry of a contract. */
export interface Call<
  Input extends z.ZodType = z.ZodType,
  Output = unknown,
  Progress = unknown,
> {
  readonly input: Input;
  readonly [output]?: Output;
  readonly [progress]?: Progress;
}

/** `call<Output>()(inputSchema)`: the output is a type only, because it comes from our own side. */
export function call<Output, Progress = never>() {
  return <Input extends z.ZodType>(
    input: Input,
  ): Call<Input, Output, Progress> => ({ input });
}

/** A call within the application, whose input comes from our own side as well. */
export function trustedCall<Input, Output, Progress = never>() {
  return call<Output, Progress>()(z.custom<Input>());
}

export type Contract = Record<string, Record<string, Call>>;

type InputOf<C> = C extends Call<infer I> ? z.input<I> : never;
type ParsedOf<C> = C extends Call<infer I> ? z.output<I> : never;
type OutputOf<C> = C extends Call<z.ZodType, infer O> ? O : never;
type ProgressOf<C> = C extends Call<z.ZodType, unknown, infer P> ? P : never;

/** What the asking side may add to a call. Once the signal is aborted, the call rejects with its reason. */
export interface Asking<Progress> {
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

/** What a handler may look at and tell while it works. */
interface Answering<Progress> {
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
}

/** `client.runs.list({})`. */
export type Client<C extends Contract> = {
  [Area in keyof C]: {
    [Name in keyof C[Area]]: (
      input: InputOf<C[Area][Name]>,
      asking?: Asking<ProgressOf<C[Area][Name]>>,
    ) => Promise<OutputOf<C[Area][Name]>>;
  };
};

/** What the other side implements: the same names, with checked input. */
export type Handlers<C extends Contract> = {
  [Area in keyof C]: {
    [Name in keyof C[Area]]: (
      input: ParsedOf<C[Area][Name]>,
    ) => OutputOf<C[Area][Name]> | Promise<OutputOf<C[Area][Name]>>;
  };
};

/** The same, for calls that take long: each is given its signal and tells its progress. */
export type LongHandlers<C extends Contract> = {
  [Area in keyof C]: {
    [Name in keyof C[Area]]: (
      input: ParsedOf<C[Area][Name]>,
      answering: Answering<ProgressOf<C[Area][Name]>>,
    ) => OutputOf<C[Area][Name]> | Promise<OutputOf<C[Area][Name]>>;
  };
};

const request = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("call"),
    id: z.int(),
    area: z.string(),
    name: z.string(),
    input: z.unknown(),
  }),
  z.object({ kind: z.literal("cancel"), id: z.int() }),
]);

type Request = z.infer<typeof request>;

const reply = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("result"), id: z.int(), value: z.unknown() }),
  z.object({ kind: z.literal("failure"), id: z.int(), message: z.string() }),
  z.object({ kind: z.literal("progress"), id: z.int(), value: z.unknown() }),
  z.object({ kind: z.literal("event"), event: z.unknown() }),
]);

export interface Connection<C extends Contract, Event> {
  client: Client<C>;
  /** Gives the function that stops listening. */
  onEvent(listener: (event: Event) => void): () => void;
}

/** The asking side. A call on a closed channel, and every call under way when it closes, rejects with a sentence. */
export function connect<C extends Contract, Event = never>(
  contract: C,
  channel: Channel,
): Connection<C, Event> {
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(event: Event) => void>();
  // Begins anywhere, so that a reloaded page does not take the answers to its predecessor.
  let nextId = Math.floor(Math.random() * 2 ** 40);
  let closed = false;

  channel.onMessage((message) => {
    const { success, data } = reply.safeParse(message);
    if (!success) return;
    if (data.kind === "event") {
      for (const listener of listeners) listener(data.event as Event);
      return;
    }
    const call = waiting.get(data.id);
    if (data.kind === "progress") {
      call?.onProgress?.(data.value);
      return;
    }
    waiting.delete(data.id);
    if (data.kind === "result") call?.resolve(data.value);
    else call?.reject(new Error(data.message));
  });
  channel.onClose((reason = lost) => {
    closed = true;
    for (const call of waiting.values()) call.reject(new Error(reason));
    waiting.clear();
  });
  channel.onOpen?.(() => {
    closed = false;
  });

  const ask =
    (area: string, name: string): Ask =>
    async (input, { signal, onProgress } = {}) => {
      signal?.throwIfAborted();
      if (closed) throw new Error(lost);
      const id = nextId++;
      const cancel = () => channel.send({ kind: "cancel", id });
      signal?.addEventListener("abort", cancel, { once: true });
      try {
        return await new Promise((resolve, reject) => {
          waiting.set(id, { resolve, reject, onProgress });
          channel.send({ kind: "call", id, area, name, input });
        });
      } finally {
        signal?.removeEventListener("abort", cancel);
        signal?.throwIfAborted();
      }
    };

  return {
    client: mapContract(contract, ask) as Client<C>,
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * The answering side: checks each input against the contract, answers, and tells failures in one sentence.
 * `oneAtATime` answers in the order of the calls, each after the one before.
 */
export function serve<C extends Contract, Event = never>(
  contract: C,
  channel: Channel,
  handlers: LongHandlers<C>,
  { oneAtATime = false } = {},
): { emit(event: Event): void; cancelAll(): void } {
  const underWay = new Map<number, AbortController>();
  let before = Promise.resolve();

  channel.onMessage((message) => {
    const { success, data } = request.safeParse(message);
    if (!success) return;
    if (data.kind === "cancel") underWay.get(data.id)?.abort(cancelled);
    else begin(data);
  });

  function begin(call: Extract<Request, { kind: "call" }>): void {
    const { id } = call;
    const abort = new AbortController();
    underWay.set(id, abort);
    const answer = async () => {
      try {
        const value = (await perform(call, abort.signal)) ?? null;
        channel.send({ kind: "result", id, value });
      } catch (error) {
        channel.send({ kind: "failure", id, message: errorMessage(error) });
      }
      if (underWay.get(id) === abort) underWay.delete(id);
    };
    if (oneAtATime) before = before.then(answer);
    else void answer();
  }

  async function perform(
    { id, area, name, input }: Extract<Request, { kind: "call" }>,
    signal: AbortSignal,
  ): Promise<unknown> {
    signal.throwIfAborted();
    if (!Object.hasOwn(contract, area) || !Object.hasOwn(contract[area], name))
      throw new Error(`There is no call ${area}.${name}.`);
    const checked = contract[area][name].input.safeParse(input);
    if (!checked.success)
      throw new Error(`${area}.${name}: ${explain(checked.error)}.`);
    const onProgress = (value: unknown) =>
      channel.send({ kind: "progress", id, value });
    // The table of handlers has each call's own input; TypeScript cannot follow the name.
    const handler = handlers[area][name] as (
      input: unknown,
      answering: Answering<unknown>,
    ) => unknown;
    return handler(checked.data, { signal, onProgress });
  }

  return {
    emit(event) {
      channel.send({ kind: "event", event });
    },
    cancelAll() {
      for (const abort of underWay.values()) abort.abort(cancelled);
    },
  };
}

interface Waiting extends Pick<Asking<unknown>, "onProgress"> {
  resolve(value: unknown): void;
  reject(reason: Error): void;
}

type Ask = (input: unknown, asking?: Asking<unknown>) => Promise<unknown>;

const cancelled = new Error("This was cancelled.");

const lost =
  "The connection to the application is lost; it is tried again, and reloading the window helps where it stays so.";

function mapContract(
  contract: Contract,
  make: (area: string, name: string) => Ask,
): Client<Contract> {
  return Object.fromEntries(
    Object.entries(contract).map(([area, calls]) => [
      area,
      Object.fromEntries(
        Object.keys(calls).map((name) => [name, make(area, name)]),
      ),
    ]),
  );
}

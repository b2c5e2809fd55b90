/**
 * Calls over a channel. A contract is a table of calls, each with the schema of its input and the type of its output;
 * `connect` makes a typed client of it and `serve` answers it. Knows nothing of what is called.
 */
import { z } from "zod";
import { errorMessage } from "./errors";
import { explain } from "./settings/explain";

/** Moves messages of plain JSON, in order; knows none of them. */
export interface Channel {
  send(message: unknown): void;
  /** Gives the function that stops listening. */
  onMessage(listener: (message: unknown) => void): () => void;
  onClose(listener: () => void): () => void;
  /** Only on a channel that can come back: heard at each return after a close. */
  onOpen?(listener: () => void): () => void;
  /** True while the other side reads more slowly than this side sends; what can be left out should be. */
  readonly congested?: boolean;
}

declare const output: unique symbol;

/** One entry of a contract. */
export interface Call<Input extends z.ZodType = z.ZodType, Output = unknown> {
  readonly input: Input;
  readonly [output]?: Output;
}

/** `call<Output>()(inputSchema)`: the output is a type only, because it comes from our own side. */
export function call<Output>() {
  return <Input extends z.ZodType>(input: Input): Call<Input, Output> => ({
    input,
  });
}

export type Contract = Record<string, Record<string, Call>>;

type InputOf<C> = C extends Call<infer I> ? z.input<I> : never;
type ParsedOf<C> = C extends Call<infer I> ? z.output<I> : never;
type OutputOf<C> = C extends Call<z.ZodType, infer O> ? O : never;

/** `client.runs.list({})`. */
export type Client<C extends Contract> = {
  [Area in keyof C]: {
    [Name in keyof C[Area]]: (
      input: InputOf<C[Area][Name]>,
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

const request = z.object({
  kind: z.literal("call"),
  id: z.int(),
  area: z.string(),
  name: z.string(),
  input: z.unknown(),
});

const reply = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("result"), id: z.int(), value: z.unknown() }),
  z.object({ kind: z.literal("failure"), id: z.int(), message: z.string() }),
  z.object({ kind: z.literal("event"), event: z.unknown() }),
]);

export interface Connection<C extends Contract, Event> {
  client: Client<C>;
  /** Gives the function that stops listening. */
  onEvent(listener: (event: Event) => void): () => void;
}

/** The asking side. A call on a closed channel, and every call under way when it closes, rejects with a sentence. */
export function connect<C extends Contract, Event>(
  contract: C,
  channel: Channel,
): Connection<C, Event> {
  const waiting = new Map<number, PromiseWithResolvers>();
  const listeners = new Set<(event: Event) => void>();
  // Begins anywhere, so that a reloaded page does not take the answers to its predecessor.
  let nextId = Math.floor(Math.random() * 2 ** 40);
  let closed = false;

  channel.onMessage((message) => {
    const parsed = reply.safeParse(message);
    if (!parsed.success) return;
    if (parsed.data.kind === "event") {
      for (const listener of listeners) listener(parsed.data.event as Event);
      return;
    }
    const call = waiting.get(parsed.data.id);
    waiting.delete(parsed.data.id);
    if (parsed.data.kind === "result") call?.resolve(parsed.data.value);
    else call?.reject(new Error(parsed.data.message));
  });
  channel.onClose(() => {
    closed = true;
    for (const call of waiting.values()) call.reject(new Error(lost));
    waiting.clear();
  });
  channel.onOpen?.(() => {
    closed = false;
  });

  const ask = (area: string, name: string) => (input: unknown) =>
    new Promise<unknown>((resolve, reject) => {
      if (closed) {
        reject(new Error(lost));
        return;
      }
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      channel.send({ kind: "call", id, area, name, input });
    });

  return {
    client: mapContract(contract, ask) as Client<C>,
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The answering side: checks each input against the contract, answers, and tells failures in one sentence. */
export function serve<C extends Contract, Event>(
  contract: C,
  channel: Channel,
  handlers: Handlers<C>,
): { emit(event: Event): void } {
  channel.onMessage((message) => {
    const parsed = request.safeParse(message);
    if (parsed.success) void answer(parsed.data);
  });

  async function answer({
    id,
    area,
    name,
    input,
  }: z.infer<typeof request>): Promise<void> {
    try {
      if (
        !Object.hasOwn(contract, area) ||
        !Object.hasOwn(contract[area], name)
      )
        throw new Error(`There is no call ${area}.${name}.`);
      const checked = contract[area][name].input.safeParse(input);
      if (!checked.success)
        throw new Error(`${area}.${name}: ${explain(checked.error)}.`);
      const handler = handlers[area][name] as (input: unknown) => unknown;
      const value = (await handler(checked.data)) ?? null;
      channel.send({ kind: "result", id, value });
    } catch (error) {
      const text = errorMessage(error);
      channel.send({ kind: "failure", id, message: text });
    }
  }

  return {
    emit(event) {
      channel.send({ kind: "event", event });
    },
  };
}

interface PromiseWithResolvers {
  resolve(value: unknown): void;
  reject(reason: Error): void;
}

const lost =
  "The connection to the application is lost; it is tried again, and reloading the window helps where it stays so.";

function mapContract(
  contract: Contract,
  make: (area: string, name: string) => (input: unknown) => Promise<unknown>,
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

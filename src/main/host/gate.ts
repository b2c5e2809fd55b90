/**
 * Holds back what would change the library, or reads it for long, while it is moved: those calls are refused with a
 * sentence, and those that are under way already are waited for. Everything else goes on.
 */
import type { AppContract } from "../../shared/contract/index";
import type { Handlers } from "../../shared/rpc";

type Calls = { [Area in keyof AppContract]?: (keyof AppContract[Area])[] };

const held: Calls = {
  runs: [
    "edit",
    "emptyTrash",
    "importFile",
    "openExamples",
    "remove",
    "removeExamples",
    "repair",
    "restore",
  ],
  room: ["prune", "restore"],
  training: ["fork", "resume", "start"],
  queue: ["add", "change", "move", "remove", "retry"],
  sweeps: ["cancel", "create", "enqueue", "start"],
  exports: ["start"],
  quality: ["evaluate", "nearest"],
  doctor: ["diagnose"],
  tournament: ["play"],
};

type Handler = (input: never) => unknown;

export class Gate {
  private why: string | null = null;
  private underWay = 0;
  private readonly waiting: (() => void)[] = [];

  /** The same handlers behind this gate. */
  guard(handlers: Handlers<AppContract>): Handlers<AppContract> {
    const guarded: Record<string, Record<string, Handler>> = {};
    for (const [area, calls] of Object.entries(handlers)) {
      const names = (held[area as keyof Calls] ?? []) as string[];
      guarded[area] = { ...(calls as Record<string, Handler>) };
      for (const name of names)
        guarded[area][name] = this.guardCall(guarded[area][name]);
    }
    return guarded as unknown as Handlers<AppContract>;
  }

  /** Throws why nothing may change now. */
  check(): void {
    if (this.why !== null) throw new Error(this.why);
  }

  get isClosed(): boolean {
    return this.why !== null;
  }

  /** Resolves when nothing that it holds back is under way any more. */
  async close(why: string): Promise<void> {
    this.why = why;
    while (this.underWay > 0)
      await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  open(): void {
    this.why = null;
  }

  private guardCall(call: Handler): Handler {
    return async (input) => {
      this.check();
      this.underWay++;
      try {
        return await call(input);
      } finally {
        this.underWay--;
        for (const resolve of this.waiting.splice(0)) resolve();
      }
    };
  }
}

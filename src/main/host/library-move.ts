/** Moves the library to another disk while the application runs: one move at a time, told as a task, continued after a crash. */
import { existsSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { AppContract } from "../../shared/contract/index";
import type { LibraryMove, MovedLibrary } from "../../shared/contract/room";
import type { TaskProgress } from "../../shared/contract/events";
import { errorCode, errorMessage } from "../../shared/errors";
import type { Handlers } from "../../shared/rpc";
import type { FileLayer } from "../disk/file-layer";
import { lockHolder } from "../disk/lock";
import { namesIn } from "../disk/names-in";
import { FolderMove } from "../disk/move/folder-move";
import type { MoveProgress } from "../disk/move/folder-move";
import { readJournal } from "../disk/move/journal";
import type { Journal } from "../disk/move/journal";
import {
  cacheFolder,
  lockFile,
  movedFolders,
  runFolder,
  runsFolder,
} from "../runs/folder/layout";
import { asRunError } from "../runs/recording/telling";
import type { Gate } from "./gate";
import type { Host } from "./host";
import type { QueueArea } from "./queue";
import type { TrainingArea } from "./training";

export interface LibraryMoveParts {
  host: Host;
  files: FileLayer;
  gate: Gate;
  training: Pick<TrainingArea, "current">;
  queue: Pick<QueueArea, "isIdle" | "release">;
  /** Whether whoever starts the program names the library, so that no preference does. */
  isNamed: boolean;
}

type RoomCalls = Handlers<AppContract>["room"];
type Calls = Pick<
  RoomCalls,
  "cancelMove" | "continueMove" | "libraryMove" | "moveLibrary"
>;

const task = "library-move";
const tellEvery = 100;
const lookEvery = 500;
/** So long at least the old folder says where to, that every program that looks has looked. */
const signpostFor = 4 * lookEvery;
const whyHeld =
  "The library is being moved to another disk; wait until that has ended, or cancel it in Settings.";

export class LibraryMoveArea {
  readonly calls: Calls;
  private running: Promise<MovedLibrary> | null = null;
  private state: LibraryMove | null = null;
  private abort = new AbortController();
  private toldAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;
  /** Where another program is moving the library: known while the old folder says so. */
  private seen: Pick<LibraryMove, "from" | "to"> | null = null;

  constructor(private readonly parts: LibraryMoveParts) {
    this.calls = {
      libraryMove: () => this.current(),
      moveLibrary: ({ to }) => this.start(to),
      continueMove: () => this.continue(),
      cancelMove: () => this.cancel(),
    };
  }

  /** Goes on with what the end of the program interrupted; what fails is told in Settings. */
  async resume(): Promise<void> {
    if (this.current() === null) return;
    await this.continue().catch(() => undefined);
  }

  /** Another program may move the library too: from then on it is used from there. */
  follow(): void {
    this.timer = setInterval(() => void this.look(), lookEvery).unref();
  }

  /** Ends copying; it goes on at the next start. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.abort.abort(new Error("The program ended."));
    await this.running?.catch(() => undefined);
  }

  private async look(): Promise<void> {
    const { host, queue, training } = this.parts;
    const to = this.movedElsewhere() ?? this.preferred();
    if (to === null || to === this.library || !existsSync(to)) return;
    if (this.running || training.current() !== null) return;
    await queue.release();
    await host.store.moveTo(to);
    host.emit({ type: "library-moved", library: to });
  }

  private preferred(): string | null {
    const { host, isNamed } = this.parts;
    return isNamed ? null : host.preferences.library();
  }

  /** Where another program has moved this library to, which no preference says of one that was named. */
  private movedElsewhere(): string | null {
    const library = resolve(this.library);
    const now = journalOf(library);
    this.seen = now ?? this.seen;
    if (this.seen?.from !== library) return null;
    const { to } = this.seen;
    const isOver = now === null && !existsSync(runsFolder(library));
    return isOver || journalOf(to)?.state === "switched" ? to : null;
  }

  private get library(): string {
    return this.parts.host.store.library;
  }

  /** Of this library, whether it is under way or was left by an earlier program. */
  private current(): LibraryMove | null {
    if (this.state) return this.state;
    const journal = readJournal(this.library);
    if (journal === null) return null;
    const { from, to } = journal;
    return { from, to, state: "interrupted", problem: null };
  }

  private async start(to: string): Promise<MovedLibrary> {
    const now = this.current();
    if (now)
      throw new Error(
        `A move to ${now.to} is not finished; continue it or cancel it first.`,
      );
    if (!isAbsolute(to))
      throw new Error(
        `${to} is not a whole path; write it from its beginning.`,
      );
    return this.run(this.library, resolve(to));
  }

  private async continue(): Promise<MovedLibrary> {
    if (this.running) return this.running;
    const journal = readJournal(this.library);
    if (!journal) throw new Error("There is no move to continue.");
    const { from, to } = journal;
    if (journal.state === "given-up")
      return this.takeBack(from, to).then(() => ({ library: from, left: 0 }));
    return resolve(this.library) === to
      ? this.run(from, to, "removing")
      : this.run(from, to);
  }

  private async cancel(): Promise<null> {
    const now = this.current();
    if (!now) return null;
    const isSwitched =
      now.state === "removing" || resolve(this.library) === now.to;
    if (isSwitched)
      throw new Error(
        "The library is used from its new place already; only the old copy is still being removed.",
      );
    this.abort.abort(new Error("The move was cancelled."));
    await this.running?.catch(() => undefined);
    if (resolve(this.library) !== now.to) await this.takeBack(now.from, now.to);
    return null;
  }

  private run(
    from: string,
    to: string,
    state: "copying" | "removing" = "copying",
  ): Promise<MovedLibrary> {
    this.abort = new AbortController();
    this.state = { from, to, state, problem: null };
    this.running = this.perform(this.moveOf(from, to), this.state)
      .catch((cause: unknown) => {
        const what = `The library could not be moved to ${to}`;
        const error = errorCode(cause) ? asRunError(what, cause) : cause;
        const problem = this.abort.signal.aborted ? null : errorMessage(error);
        // What never began left nothing to continue.
        const isLeft = readJournal(this.library) !== null;
        this.state = isLeft
          ? { from, to, state: "interrupted", problem }
          : null;
        this.tell({ done: 0, total: 0 }, problem ? "failed" : "cancelled");
        throw error;
      })
      .finally(() => {
        this.parts.gate.open();
        this.running = null;
      });
    return this.running;
  }

  private async perform(
    move: FolderMove,
    state: LibraryMove,
  ): Promise<MovedLibrary> {
    await move.open();
    try {
      if (state.state === "copying") await this.copyAndSwitch(move, state);
      const left = await move.removeOld();
      this.state = null;
      this.tell({ done: 1, total: 1 }, "done");
      return { library: state.to, left };
    } finally {
      await move.close();
    }
  }

  private async copyAndSwitch(
    move: FolderMove,
    { to }: LibraryMove,
  ): Promise<void> {
    const { gate, host, isNamed, queue } = this.parts;
    const { signal } = this.abort;
    const onProgress = (progress: MoveProgress) => this.tell(progress, null);
    await this.refuseWhileTraining();
    if (!move.isSwitched) await move.begin();
    const seen = delay(signpostFor);
    await gate.close(whyHeld);
    await move.copy({ signal, onProgress });
    await this.refuseWhileTraining();
    await queue.release();
    signal.throwIfAborted();
    // The commit: after a crash behind it there is only the old copy to remove.
    await move.switchOver();
    if (!isNamed) host.preferences.setLibrary(to);
    await host.store.moveTo(to);
    if (this.state) this.state = { ...this.state, state: "removing" };
    host.emit({ type: "library-moved", library: to });
    gate.open();
    await seen;
  }

  private async takeBack(from: string, to: string): Promise<void> {
    const move = this.moveOf(from, to);
    await move.open();
    try {
      await move.giveUp();
      this.state = null;
      this.tell({ done: 0, total: 0 }, "cancelled");
    } finally {
      await move.close();
    }
  }

  private moveOf(from: string, to: string): FolderMove {
    return new FolderMove({
      files: this.parts.files,
      from,
      to,
      folders: movedFolders,
      cache: cacheFolder(""),
    });
  }

  /** Here, or by another program. */
  private async refuseWhileTraining(): Promise<void> {
    const { queue, training } = this.parts;
    if (training.current() !== null)
      throw new Error(
        "A run is training; wait until it ends, or stop it, then move the library.",
      );
    if (!queue.isIdle())
      throw new Error(
        "Runs wait in the queue; hold the queue, or wait until it is empty, then move the library.",
      );
    for (const id of await namesIn(runsFolder(this.library))) {
      const lock = lockFile(runFolder(this.library, id));
      if (existsSync(lock) && (await lockHolder(lock)) !== null)
        throw new Error(
          `Another program trains the run ${id}; wait until that has ended, then move the library.`,
        );
    }
  }

  private tell({ done, total }: MoveProgress, ended: TaskProgress["ended"]) {
    if (ended === null && performance.now() - this.toldAt < tellEvery) return;
    this.toldAt = performance.now();
    const title = "Copying the library";
    const told = { id: task, title, done, total, unit: "bytes" } as const;
    this.parts.host.emit({ type: "task-progress", task: { ...told, ended } });
  }
}

/** One that cannot be read says nothing; who goes on with the move says so. */
function journalOf(folder: string): Journal | null {
  try {
    return readJournal(folder);
  } catch {
    return null;
  }
}

/** Short messages over the window: what happened, what to do, and sometimes one action such as Undo. */
import type { Notice } from "../../shared/contract/events";
import { errorMessage } from "../../shared/errors";

export interface Toast extends Notice {
  id: number;
  action: { label: string; run: () => void } | null;
}

const lifetimes = { info: 6_000, warning: 12_000, error: 20_000 };

export class Notices {
  toasts = $state.raw<readonly Toast[]>([]);
  private nextId = 1;

  /** Gives the id that `dismiss` takes. */
  add(notice: Notice, action: Toast["action"] = null): number {
    const toast = { ...notice, action, id: this.nextId++ };
    const others = this.toasts.filter((other) => other.text !== notice.text);
    this.toasts = [...others.slice(-3), toast];
    const lifetime = lifetimes[notice.level] + (action ? 4_000 : 0);
    setTimeout(() => this.dismiss(toast.id), lifetime);
    return toast.id;
  }

  inform(text: string, action: Toast["action"] = null): number {
    return this.add({ level: "info", text, advice: null, run: null }, action);
  }

  /** Shows a failure; its message is already a sentence. */
  report(error: unknown, advice: string | null = null): void {
    const text = errorMessage(error);
    this.add({ level: "error", text, advice, run: null });
  }

  /** Does something and reports where it fails; null then. */
  async guard<T>(work: Promise<T>, advice?: string): Promise<T | null> {
    try {
      return await work;
    } catch (error) {
      this.report(error, advice ?? null);
      return null;
    }
  }

  dismiss(id: number): void {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }
}

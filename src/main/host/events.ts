/** Tells every listener what happens; one that throws is the listener's own fault and stops none of the others. */

export interface Events<Event> {
  emit(event: Event): void;
  /** Gives the function that stops listening. */
  listen(listener: (event: Event) => void): () => void;
}

export function createEvents<Event>(): Events<Event> {
  const listeners = new Set<(event: Event) => void>();
  return {
    emit(event) {
      for (const listener of [...listeners]) listener(event);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

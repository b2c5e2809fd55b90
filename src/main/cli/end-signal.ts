/** What asks a command to end: Ctrl-C, another program, or a terminal that is gone. */

/** One Ctrl-C can arrive twice: from the terminal, and from a program between that passes it on. In milliseconds. */
const echo = 500;

/**
 * The first calls back. What follows is taken for the same word once more, since a cluster tells a program and the shell
 * above it, which passes it on; only a later Ctrl-C ends at once. Gives what forgets them.
 */
export function onEndSignal(callback: () => void): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  let askedAt: number | null = null;
  const forget = () => {
    for (const signal of signals) process.off(signal, act);
  };
  const act = (signal: NodeJS.Signals) => {
    if (askedAt === null) {
      askedAt = performance.now();
      callback();
    } else if (signal === "SIGINT" && performance.now() - askedAt > echo) {
      forget();
      process.kill(process.pid, signal);
    }
  };
  for (const signal of signals) process.on(signal, act);
  return forget;
}

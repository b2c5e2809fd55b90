/** What asks a command to end: Ctrl-C, another program, or a terminal that is gone. */

/** The first calls back; the second does what it always does. Gives what forgets them. */
export function onEndSignal(callback: () => void): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const forget = () => {
    for (const signal of signals) process.off(signal, act);
  };
  const act = () => {
    forget();
    callback();
  };
  for (const signal of signals) process.on(signal, act);
  return forget;
}

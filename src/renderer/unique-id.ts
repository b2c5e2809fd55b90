/** A name that nothing else has. Not `crypto.randomUUID`, which a page from another machine's plain address lacks. */
export function uniqueId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}

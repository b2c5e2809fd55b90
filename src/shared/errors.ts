/** What is known of an error that may be anything: its sentence, and its code where the system gave it one. */

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `ENOENT`, `ENOSPC` and their like; null where it has none. */
export function errorCode(error: unknown): string | null {
  return error instanceof Error &&
    "code" in error &&
    typeof error.code === "string"
    ? error.code
    : null;
}

/**
 * Whether the system lets no more files be opened, which passes. Node says so of a thread in words alone, and so does the
 * system's loader of libraries.
 */
export function isOutOfFiles(error: unknown): boolean {
  const code = errorCode(error) ?? "";
  if (code === "EMFILE" || code === "ENFILE") return true;
  return /\b(EMFILE|ENFILE)\b|too many open files/i.test(errorMessage(error));
}

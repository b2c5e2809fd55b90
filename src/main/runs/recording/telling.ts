/** Failures of the disk as one sentence for people: what did not work, why, and what to do. */
import { errorCode, errorMessage } from "../../../shared/errors";
import { RunError } from "../run-error";

/** Does the work; what it rejects with becomes a RunError that begins with `what`. */
export async function telling<T>(
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asRunError(what, error);
  }
}

/** A RunError says it all already. */
export function asRunError(what: string, error: unknown): RunError {
  if (error instanceof RunError) return error;
  const reason =
    denied(error) ?? explainCode(errorCode(error)) ?? errorMessage(error);
  return new RunError(`${what}: ${reason}.`, { cause: error });
}

/** Reading may be what is not allowed as well as writing; null for any other error. */
function denied(error: unknown): string | null {
  const code = errorCode(error);
  if (code !== "EACCES" && code !== "EPERM") return null;
  const { path } = error as NodeJS.ErrnoException;
  return path === undefined
    ? "access is not allowed; check the permissions of the folder"
    : `access to ${path} is not allowed; check its permissions`;
}

/** Of writing, in words, where a user can do something about it; null for what has no code. */
export function explainCode(code: string | null): string | null {
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return "the disk is full; make room and try again";
    case "EACCES":
    case "EPERM":
      return "writing there is not allowed; check the permissions of the folder";
    case "EROFS":
      return "the disk is read-only; choose another place";
    case "EIO":
      return "the disk reported an error (EIO); check the disk and try again";
    case "ENOTDIR":
    case "EEXIST":
      return "a file is in the way where a folder should be; choose another place";
    case "EISDIR":
      return "a folder is in the way where a file should be; choose another name";
    case "ENAMETOOLONG":
      return "the name is too long; choose a shorter one";
    case "ELOOP":
      return "links lead in a circle; choose another place";
    case "ENOENT":
      return "a file or folder is gone; it was moved or deleted meanwhile";
    default:
      return code;
  }
}

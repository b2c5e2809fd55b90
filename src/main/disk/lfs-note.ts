/**
 * Git LFS's notes: short texts that lie where the large files of a repository would, until those are fetched. What other
 * people's repositories hold is often only that (git-lfs, docs/spec.md).
 */

const start = "version https://git-lfs";

/** Whether a file that begins so is such a note. */
export function isLfsNote(bytes: Uint8Array): boolean {
  return (
    Buffer.from(bytes.subarray(0, start.length)).toString("latin1") === start
  );
}

/** The end of a sentence that begins with the file's name, without the full stop. */
export const lfsNote = `is Git LFS's note of where the file is, not the file; get it with "git lfs pull"`;

/** A disk that fails when a test says so. */
import { disk } from "../../src/main/disk/file-layer";
import type { FileLayer } from "../../src/main/disk/file-layer";

/** The real disk, which refuses every write while `fail` is true. */
export function failing(code: string) {
  const fault = { fail: false, files: disk };
  const check = () => {
    if (fault.fail) throw Object.assign(new Error(code), { code });
  };
  const files: FileLayer = {
    ...disk,
    async open(path, mode) {
      check();
      const file = await disk.open(path, mode);
      return {
        write: async (bytes) => (check(), file.write(bytes)),
        truncate: (length) => file.truncate(length),
        sync: () => file.sync(),
        close: () => file.close(),
      };
    },
  };
  fault.files = files;
  return fault;
}

/**
 * Vite's plugin for `import path from "./worker?path"`: where that program lies in the built application. It is built
 * together with what imports it, so that what they share is there once; electron-vite's `?modulePath` builds each such
 * program apart, with all that it uses.
 */
import { posix } from "node:path";
import type { Plugin } from "vite";

const suffix = /\?path$/;
const reference = /__OWN_FILE_(\w+?)__/g;

export function ownFile(): Plugin {
  return {
    name: "own-file",
    apply: "build",
    enforce: "pre",
    load(id) {
      if (!suffix.test(id)) return null;
      const file = this.emitFile({ type: "chunk", id: id.replace(suffix, "") });
      return `import { join } from "node:path";
        export default join(import.meta.dirname, "__OWN_FILE_${file}__");`;
    },
    renderChunk(code, { fileName }) {
      if (!code.includes("__OWN_FILE_")) return null;
      return code.replace(reference, (_, file: string) =>
        posix.relative(posix.dirname(fileName), this.getFileName(file)),
      );
    },
  };
}

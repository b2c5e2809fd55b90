/**
 * Vite's plugin for `import text from "./program.ts?script"`: the program with all that it imports, bundled into one
 * script without imports, as text to be put inside a page. It is bundled whenever what imports it is, in the build and
 * under Vitest alike.
 */
import { build } from "vite";
import type { Plugin } from "vite";

const suffix = /\?script$/;

export function inlineScript(): Plugin {
  return {
    name: "inline-script",
    async load(id) {
      if (!suffix.test(id)) return null;
      const { code, files } = await bundle(id.replace(suffix, ""));
      for (const file of files) this.addWatchFile(file);
      return `export default ${JSON.stringify(code)};`;
    },
  };
}

async function bundle(
  entry: string,
): Promise<{ code: string; files: string[] }> {
  const results = await build({
    configFile: false,
    logLevel: "warn",
    build: {
      write: false,
      minify: true,
      target: "es2022",
      modulePreload: false,
      rollupOptions: {
        input: entry,
        output: { format: "iife", codeSplitting: false },
      },
    },
  });
  const [result] = [results].flat();
  if (!("output" in result)) throw new Error(`${entry} is being watched`);
  const [chunk] = result.output;
  return { code: chunk.code, files: chunk.moduleIds };
}

import { resolve } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "electron-vite";
import { inlineScript } from "./tools/inline-script.ts";
import { ownFile } from "./tools/own-file.ts";

/** How long each plugin took is no news to who builds. */
const checks = { pluginTimings: false };

/**
 * Main has two entries: the Electron application, and the command line with browser mode. The threads are found where
 * `main/thread` names them with `?path`.
 */
export default defineConfig({
  main: {
    plugins: [inlineScript(), ownFile()],
    build: {
      // What is native, or needs its own files, is installed beside the application (`dependencies`); the rest is
      // bundled, because hundreds of small files are most of the time that the command line takes to start.
      externalizeDeps: { include: ["@tensorflow/tfjs-node-gpu"] },
      license: { fileName: "licenses.json" },
      rollupOptions: {
        checks,
        input: {
          index: "src/main/index.ts",
          cli: "src/main/cli/index.ts",
        },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rollupOptions: {
        checks,
        input: "src/preload/index.ts",
        output: { format: "cjs", entryFileNames: "[name].cjs" },
      },
    },
  },
  renderer: {
    root: "src/renderer",
    plugins: [svelte({ configFile: resolve("svelte.config.js") })],
    build: {
      minify: true,
      chunkSizeWarningLimit: 1000,
      license: { fileName: "licenses.json" },
      rollupOptions: {
        checks,
        input: "src/renderer/index.html",
        // What the window needs at once is one file, not the fifty pieces that its views share: each is a request.
        output: {
          codeSplitting: { groups: [{ name: "window", tags: ["$initial"] }] },
        },
      },
    },
  },
});

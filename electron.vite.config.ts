import { resolve } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "electron-vite";

/**
 * Main has two entries: the Electron application, and the command line with browser mode. The threads are found where
 * `main/thread.ts` names them with `?modulePath`.
 */
export default defineConfig({
  main: {
    build: {
      externalizeDeps: {
        include: ["@tensorflow/tfjs-node-gpu"],
        // Read as hundreds of small files they are most of the time that the command line takes to start.
        exclude: [
          "@aws-crypto/crc32c",
          "@bufbuild/protobuf",
          "commander",
          "conf",
          "d3-dsv",
          "fflate",
          "gifenc",
          "yauzl",
          "yazl",
          "zod",
        ],
      },
      rollupOptions: {
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
      rollupOptions: { input: "src/renderer/index.html" },
    },
  },
});

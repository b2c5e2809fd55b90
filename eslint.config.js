import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

// Svelte's files alone; Oxlint has the same rules for all others, in a fiftieth of the time.
export default ts.config(
  {
    ignores: [
      "**/*.{js,mjs,cjs,ts}",
      "!**/*.svelte.ts",
      ".svelte-check/",
      "out/",
      "dist/",
      "test-results/",
      "playwright-report/",
      ".venv/",
    ],
  },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.node, ...globals.browser } } },
  {
    rules: {
      // `{ left, ...rest }` is how something is left out.
      "@typescript-eslint/no-unused-vars": [
        "error",
        { ignoreRestSiblings: true },
      ],
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: {
      parserOptions: {
        parser: ts.parser,
        extraFileExtensions: [".svelte"],
        svelteConfig,
      },
    },
  },
);
